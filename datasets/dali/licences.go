package dali

import (
	"fmt"
	"io/fs"
	"strings"
)

// Credit is to be printed with every map of the city.
const Credit = "Points and boundary: Vonng/adcode, CC BY 4.0 (from AMap); GeoNames, CC BY 4.0; lake: GSHHG, LGPL, and (c) OpenStreetMap contributors, ODbL"

// Synthetic is to be printed with every result of the city, SyntheticZH in a Chinese text.
const (
	Synthetic   = "Synthetic: every need, resource, provider, price and capacity is generated, and so are the sites of the venues; no row stands for a person. Real are the outlines, the names of places, those points not marked interpolated, and the census figures."
	SyntheticZH = "合成数据：所有需求、资源、机构、价格、容量及服务阵地的位置均由程序生成，不对应任何真实个人。真实的是边界、地名、未标注为插值的点位和人口普查数字。"
)

// Licences returns the notice of the embedded data and the full texts of its licences.
func Licences() string {
	var b strings.Builder
	b.WriteString(read("NOTICE"))
	texts, err := fs.Glob(files, "licences/*.txt") // sorted by name
	if err != nil {
		panic(fmt.Sprintf("dali: the pattern of the licence files is wrong: %v", err))
	}
	for _, name := range texts {
		fmt.Fprintf(&b, "\n%s\n%s\n\n%s", strings.Repeat("=", 78), name, read(name))
	}
	return b.String()
}

// read returns an embedded file, which is there or the program would not have been built.
func read(name string) string {
	text, err := files.ReadFile(name)
	if err != nil {
		panic(fmt.Sprintf("dali: embedded file %s: %v", name, err))
	}
	return string(text)
}
