//go:build !purego

#include "textflag.h"

// func hasAVX2() bool
TEXT ·hasAVX2(SB), NOSPLIT, $0-1
	MOVB $0, ret+0(FP)
	XORL AX, AX
	CPUID
	CMPL AX, $7
	JLT  no
	MOVL $1, AX
	XORL CX, CX
	CPUID
	ANDL $0x18000000, CX // the system saves the vectors, and AVX
	CMPL CX, $0x18000000
	JNE  no
	XORL CX, CX
	XGETBV
	ANDL $6, AX
	CMPL AX, $6
	JNE  no
	MOVL $7, AX
	XORL CX, CX
	CPUID
	SHRL $5, BX
	ANDL $1, BX
	MOVB BX, ret+0(FP)
no:
	RET

// func lowerAVX2(low, row *int32, n int)
TEXT ·lowerAVX2(SB), NOSPLIT, $0-24
	MOVQ low+0(FP), DI
	MOVQ row+8(FP), SI
	MOVQ n+16(FP), CX
	XORQ AX, AX
lowerNext:
	VMOVDQU (DI)(AX*4), Y0
	VPMINSD (SI)(AX*4), Y0, Y0
	VMOVDQU Y0, (DI)(AX*4)
	ADDQ    $8, AX
	CMPQ    AX, CX
	JLT     lowerNext
	VZEROUPPER
	RET

// func leastAVX2(row, v *int32, n int) int32
TEXT ·leastAVX2(SB), NOSPLIT, $0-28
	MOVQ         row+0(FP), SI
	MOVQ         v+8(FP), DX
	MOVQ         n+16(FP), CX
	MOVL         $0x7fffffff, AX
	VMOVD        AX, X0
	VPBROADCASTD X0, Y0
	VMOVDQA      Y0, Y1
	XORQ         AX, AX
	MOVQ         CX, BX
	ANDQ         $-16, BX
	JZ           leastLast
leastNext:
	VMOVDQU (SI)(AX*4), Y2
	VMOVDQU 32(SI)(AX*4), Y3
	VPSUBD  (DX)(AX*4), Y2, Y2
	VPSUBD  32(DX)(AX*4), Y3, Y3
	VPMINSD Y2, Y0, Y0
	VPMINSD Y3, Y1, Y1
	ADDQ    $16, AX
	CMPQ    AX, BX
	JLT     leastNext
	VPMINSD Y1, Y0, Y0
leastLast:
	CMPQ    AX, CX
	JGE     leastDone
	VMOVDQU (SI)(AX*4), Y2
	VPSUBD  (DX)(AX*4), Y2, Y2
	VPMINSD Y2, Y0, Y0
leastDone:
	VEXTRACTI128 $1, Y0, X1
	VPMINSD      X1, X0, X0
	VPSHUFD      $0x4E, X0, X1
	VPMINSD      X1, X0, X0
	VPSHUFD      $0xB1, X0, X1
	VPMINSD      X1, X0, X0
	VMOVD        X0, AX
	MOVL         AX, ret+24(FP)
	VZEROUPPER
	RET

// func reduceAVX2(out, mins, row, v *int32, n int)
TEXT ·reduceAVX2(SB), NOSPLIT, $0-40
	MOVQ out+0(FP), DI
	MOVQ mins+8(FP), R8
	MOVQ row+16(FP), SI
	MOVQ v+24(FP), DX
	MOVQ n+32(FP), CX
	XORQ AX, AX
reduceNext:
	VMOVDQU      (SI)(AX*4), Y0
	VMOVDQU      32(SI)(AX*4), Y1
	VMOVDQU      64(SI)(AX*4), Y2
	VMOVDQU      96(SI)(AX*4), Y3
	VPSUBD       (DX)(AX*4), Y0, Y0
	VPSUBD       32(DX)(AX*4), Y1, Y1
	VPSUBD       64(DX)(AX*4), Y2, Y2
	VPSUBD       96(DX)(AX*4), Y3, Y3
	VMOVDQU      Y0, (DI)(AX*4)
	VMOVDQU      Y1, 32(DI)(AX*4)
	VMOVDQU      Y2, 64(DI)(AX*4)
	VMOVDQU      Y3, 96(DI)(AX*4)
	VPMINSD      Y1, Y0, Y0
	VPMINSD      Y3, Y2, Y2
	VPMINSD      Y2, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPMINSD      X1, X0, X0
	VPSHUFD      $0x4E, X0, X1
	VPMINSD      X1, X0, X0
	VPSHUFD      $0xB1, X0, X1
	VPMINSD      X1, X0, X0
	VMOVD        X0, (R8)
	ADDQ         $4, R8
	ADDQ         $32, AX
	CMPQ         AX, CX
	JLT          reduceNext
	VZEROUPPER
	RET

// func scanAVX2(dist, from, row, v *int32, n int, h, i int32) uint32
TEXT ·scanAVX2(SB), NOSPLIT, $0-52
	MOVQ         dist+0(FP), DI
	MOVQ         from+8(FP), R8
	MOVQ         row+16(FP), SI
	MOVQ         v+24(FP), DX
	MOVQ         n+32(FP), CX
	MOVL         h+40(FP), AX
	VMOVD        AX, X5
	VPBROADCASTD X5, Y5
	MOVL         i+44(FP), AX
	VMOVD        AX, X6
	VPBROADCASTD X6, Y6
	MOVL         $0x80000000, AX
	VMOVD        AX, X7
	VPBROADCASTD X7, Y7
	XORQ         AX, AX
scanNext:
	VMOVDQU   (SI)(AX*4), Y0
	VPSUBD    (DX)(AX*4), Y0, Y0
	VPADDD    Y5, Y0, Y0            // row - v + h
	VMOVDQU   (DI)(AX*4), Y1
	VPCMPGTD  Y0, Y1, Y2            // where dist is above it
	VPTEST    Y2, Y2
	JZ        scanSame
	VPMINSD   Y0, Y1, Y1
	VMOVDQU   Y1, (DI)(AX*4)
	VMOVDQU   (R8)(AX*4), Y3
	VPBLENDVB Y2, Y6, Y3, Y3
	VMOVDQU   Y3, (R8)(AX*4)
scanSame:
	VPMINUD Y1, Y7, Y7
	ADDQ    $8, AX
	CMPQ    AX, CX
	JLT     scanNext
	VEXTRACTI128 $1, Y7, X1
	VPMINUD      X1, X7, X7
	VPSHUFD      $0x4E, X7, X1
	VPMINUD      X1, X7, X7
	VPSHUFD      $0xB1, X7, X1
	VPMINUD      X1, X7, X7
	VMOVD        X7, AX
	MOVL         AX, ret+48(FP)
	VZEROUPPER
	RET

// func spanAVX2(row *int32, n int) (lo, hi int32)
TEXT ·spanAVX2(SB), NOSPLIT, $0-24
	MOVQ         row+0(FP), SI
	MOVQ         n+8(FP), CX
	MOVL         (SI), AX
	VMOVD        AX, X0
	VPBROADCASTD X0, Y0
	VMOVDQA      Y0, Y1
	XORQ         AX, AX
spanNext:
	VMOVDQU (SI)(AX*4), Y2
	VPMINSD Y2, Y0, Y0
	VPMAXSD Y2, Y1, Y1
	ADDQ    $8, AX
	CMPQ    AX, CX
	JLT     spanNext
	VEXTRACTI128 $1, Y0, X2
	VPMINSD      X2, X0, X0
	VPSHUFD      $0x4E, X0, X2
	VPMINSD      X2, X0, X0
	VPSHUFD      $0xB1, X0, X2
	VPMINSD      X2, X0, X0
	VMOVD        X0, AX
	MOVL         AX, lo+16(FP)
	VEXTRACTI128 $1, Y1, X2
	VPMAXSD      X2, X1, X1
	VPSHUFD      $0x4E, X1, X2
	VPMAXSD      X2, X1, X1
	VPSHUFD      $0xB1, X1, X2
	VPMAXSD      X2, X1, X1
	VMOVD        X1, AX
	MOVL         AX, hi+20(FP)
	VZEROUPPER
	RET
