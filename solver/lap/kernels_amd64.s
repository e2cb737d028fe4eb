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

// func lowerAVX2(low, row *int32, n int, hi int32) int32
TEXT ·lowerAVX2(SB), NOSPLIT, $0-36
	MOVQ         low+0(FP), DI
	MOVQ         row+8(FP), SI
	MOVQ         n+16(FP), CX
	MOVL         hi+24(FP), AX
	VMOVD        AX, X2
	VPBROADCASTD X2, Y2
	XORQ         AX, AX
lowerNext:
	VMOVDQU (SI)(AX*4), Y1
	VPMINSD (DI)(AX*4), Y1, Y0
	VPMAXSD Y1, Y2, Y2
	VMOVDQU Y0, (DI)(AX*4)
	ADDQ    $8, AX
	CMPQ    AX, CX
	JLT     lowerNext
	VEXTRACTI128 $1, Y2, X1
	VPMAXSD      X1, X2, X2
	VPSHUFD      $0x4E, X2, X1
	VPMAXSD      X1, X2, X2
	VPSHUFD      $0xB1, X2, X1
	VPMAXSD      X1, X2, X2
	VMOVD        X2, AX
	MOVL         AX, ret+32(FP)
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

// func floorAVX2(mins, row, v *int32, n int)
TEXT ·floorAVX2(SB), NOSPLIT, $0-32
	MOVQ mins+0(FP), R8
	MOVQ row+8(FP), SI
	MOVQ v+16(FP), DX
	MOVQ n+24(FP), CX
	XORQ AX, AX
floorNext:
	VMOVDQU      (SI)(AX*4), Y0
	VMOVDQU      32(SI)(AX*4), Y1
	VMOVDQU      64(SI)(AX*4), Y2
	VMOVDQU      96(SI)(AX*4), Y3
	VPSUBD       (DX)(AX*4), Y0, Y0
	VPSUBD       32(DX)(AX*4), Y1, Y1
	VPSUBD       64(DX)(AX*4), Y2, Y2
	VPSUBD       96(DX)(AX*4), Y3, Y3
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
	JLT          floorNext
	VZEROUPPER
	RET

// What packing takes apart by halves, put in order.
DATA inOrder<>+0(SB)/4, $0
DATA inOrder<>+4(SB)/4, $4
DATA inOrder<>+8(SB)/4, $1
DATA inOrder<>+12(SB)/4, $5
DATA inOrder<>+16(SB)/4, $2
DATA inOrder<>+20(SB)/4, $6
DATA inOrder<>+24(SB)/4, $3
DATA inOrder<>+28(SB)/4, $7
GLOBL inOrder<>(SB), RODATA|NOPTR, $32

// func underAVX2(masks *uint32, row, v *int32, n int, bar int32) int
TEXT ·underAVX2(SB), NOSPLIT, $0-48
	MOVQ         masks+0(FP), R8
	MOVQ         row+8(FP), SI
	MOVQ         v+16(FP), DX
	MOVQ         n+24(FP), CX
	MOVL         bar+32(FP), AX
	VMOVD        AX, X7
	VPBROADCASTD X7, Y7
	VMOVDQU      inOrder<>(SB), Y6
	XORQ         AX, AX
	XORQ         R9, R9
underNext:
	VMOVDQU   (SI)(AX*4), Y0
	VMOVDQU   32(SI)(AX*4), Y1
	VMOVDQU   64(SI)(AX*4), Y2
	VMOVDQU   96(SI)(AX*4), Y3
	VPSUBD    (DX)(AX*4), Y0, Y0
	VPSUBD    32(DX)(AX*4), Y1, Y1
	VPSUBD    64(DX)(AX*4), Y2, Y2
	VPSUBD    96(DX)(AX*4), Y3, Y3
	VPCMPGTD  Y7, Y0, Y0            // above bar
	VPCMPGTD  Y7, Y1, Y1
	VPCMPGTD  Y7, Y2, Y2
	VPCMPGTD  Y7, Y3, Y3
	VPACKSSDW Y1, Y0, Y0
	VPACKSSDW Y3, Y2, Y2
	VPACKSSWB Y2, Y0, Y0            // each half holds half of every four
	VPERMD    Y0, Y6, Y0
	VPMOVMSKB Y0, R10
	NOTL      R10
	MOVL      R10, (R8)
	POPCNTL   R10, R10
	ADDQ      R10, R9
	ADDQ      $4, R8
	ADDQ      $32, AX
	CMPQ      AX, CX
	JLT       underNext
	MOVQ      R9, ret+40(FP)
	VZEROUPPER
	RET

// func equalAVX2(masks *uint32, dist *int32, n int, x int32)
TEXT ·equalAVX2(SB), NOSPLIT, $0-28
	MOVQ         masks+0(FP), R8
	MOVQ         dist+8(FP), SI
	MOVQ         n+16(FP), CX
	MOVL         x+24(FP), AX
	VMOVD        AX, X7
	VPBROADCASTD X7, Y7
	VMOVDQU      inOrder<>(SB), Y6
	XORQ         AX, AX
equalNext:
	VPCMPEQD  (SI)(AX*4), Y7, Y0
	VPCMPEQD  32(SI)(AX*4), Y7, Y1
	VPCMPEQD  64(SI)(AX*4), Y7, Y2
	VPCMPEQD  96(SI)(AX*4), Y7, Y3
	VPACKSSDW Y1, Y0, Y0
	VPACKSSDW Y3, Y2, Y2
	VPACKSSWB Y2, Y0, Y0
	VPERMD    Y0, Y6, Y0
	VPMOVMSKB Y0, R10
	MOVL      R10, (R8)
	ADDQ      $4, R8
	ADDQ      $32, AX
	CMPQ      AX, CX
	JLT       equalNext
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
