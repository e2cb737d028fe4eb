package report

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
)

// Lang is a language of the words that people read. The zero value is English.
type Lang uint8

// The languages.
const (
	English Lang = iota
	Chinese
)

// ParseLang returns the language of a tag or a locale: "zh", "zh-CN", "zh_CN.UTF-8" are Chinese; "en", "C", "POSIX" and
// the empty string are English. ok is false for every other one, and the language is English then.
func ParseLang(tag string) (lang Lang, ok bool) {
	base, _, _ := strings.Cut(tag, ".")
	base, _, _ = strings.Cut(base, "@")
	base, _, _ = strings.Cut(strings.ReplaceAll(base, "-", "_"), "_")
	switch strings.ToLower(base) {
	case "zh":
		return Chinese, true
	case "en", "c", "posix", "":
		return English, true
	}
	return English, false
}

// word names one entry of the table of words.
type word int

const (
	wMatch word = iota
	wCourtyard
	wTagline
	wStatus
	wOptimal
	wFeasible
	wUnknown
	wProved
	wTime
	wWork
	wCancelled
	wNearestOnly
	wNeed
	wResource
	wNeeds
	wResources
	wUnits
	wAsked
	wServed
	wUnmet
	wShare
	wClass
	wClass1
	wClass2
	wClass3
	wCost
	wBound
	wFigures
	wPrecision
	wFineness
	wSatisfaction
	wPrecisionNote
	wFinenessNote
	wNoFeedback
	wDistance
	wMedian
	wP90
	wLoadByKind
	wUsed
	wCapacity
	wLoad
	wFirstMatches
	wFirstUnmet
	wOf
	wHowToGetAll
	wHowToMap
	wMapDrawn
	wServedNeed
	wUnmetNeed
	wMatchLine
	wDensest
	wWhyUnmet
	wNoUnmet
	wReasonsNote
	wSynthetic
	wCredit
	wSampled
	wNoPoints
	wKilometres
	wMetres
	wServedByClass
	wServedByService
	wNearestOne
	wNearestBy
	wTogether
	wNeedsFor
	wResourcesWith
	wOneUnit
	wSomeUnits
	wOneMoreUnit
	wOutranked
	wMinorUnits
	words
)

// wordTable holds every word in English and in Chinese.
var wordTable = [words][2]string{
	wMatch:           {"Who serves whom", "谁为谁服务"},
	wCourtyard:       {"Courtyard", "院子 Courtyard"},
	wTagline:         {"needs and resources of a neighbourhood, matched", "社区需求与资源精准匹配"},
	wStatus:          {"Status", "状态"},
	wOptimal:         {"optimal", "最优"},
	wFeasible:        {"feasible", "可行"},
	wUnknown:         {"unknown", "未知"},
	wProved:          {"proved", "已证明"},
	wTime:            {"stopped by the time limit", "到达时限"},
	wWork:            {"stopped by the work limit", "到达工作量上限"},
	wCancelled:       {"stopped on request", "已按要求停止"},
	wNearestOnly:     {"only the %d nearest eligible resources of each need were considered", "每项需求只考虑最近的%d个合格资源"},
	wNeed:            {"need", "需求"},
	wResource:        {"resource", "资源"},
	wNeeds:           {"needs", "需求"},
	wResources:       {"resources", "资源"},
	wUnits:           {"units", "数量"},
	wAsked:           {"asked", "提出"},
	wServed:          {"served", "已满足"},
	wUnmet:           {"unmet", "未满足"},
	wShare:           {"share", "比例"},
	wClass:           {"class", "等级"},
	wClass1:          {"class 1, urgent", "一级 紧急"},
	wClass2:          {"class 2, usual", "二级 一般"},
	wClass3:          {"class 3, can wait", "三级 可缓"},
	wCost:            {"cost", "成本"},
	wBound:           {"bound", "下界"},
	wFigures:         {"Figures", "指标"},
	wPrecision:       {"precision", "精准度"},
	wFineness:        {"fineness", "精细度"},
	wSatisfaction:    {"satisfaction", "满意度"},
	wPrecisionNote:   {"of all units, by a qualified resource in reach", "由距离内的合格资源满足"},
	wFinenessNote:    {"of all units, with the very service asked for", "以所提出的服务项目满足"},
	wNoFeedback:      {"no feedback yet", "尚无反馈"},
	wDistance:        {"distance", "距离"},
	wMedian:          {"half within", "半数不超过"},
	wP90:             {"nine in ten within", "九成不超过"},
	wLoadByKind:      {"Load by kind", "各类资源负荷"},
	wUsed:            {"used", "已用"},
	wCapacity:        {"capacity", "容量"},
	wLoad:            {"load", "负荷"},
	wFirstMatches:    {"First matches", "前若干匹配"},
	wFirstUnmet:      {"First unmet needs", "前若干未满足的需求"},
	wOf:              {"%s of %s", "共%[2]s条 前%[1]s条"},
	wHowToGetAll:     {"Everything: --json, or --format csv or geojson, with --out FILE.", "全部结果：--json，或 --format csv、geojson，配合 --out 文件。"},
	wMapDrawn:        {"The map is in %s.", "地图已存入 %s。"},
	wHowToMap:        {"A map: --map map.png or map.svg.", "地图：--map map.png 或 map.svg。"},
	wServedNeed:      {"need, served", "已满足的需求"},
	wUnmetNeed:       {"need, unmet", "未满足的需求"},
	wMatchLine:       {"match, in the colour of its kind", "匹配 颜色表示资源类别"},
	wDensest:         {"Where needs are densest", "需求最密集处"},
	wWhyUnmet:        {"Why needs stay unmet", "需求未满足的原因"},
	wReasonsNote:     {"of %s unmet needs, how many name the reason", "%s项未满足的需求中提及该原因的数量"},
	wNoUnmet:         {"every need is served", "全部需求已满足"},
	wSynthetic:       {"Synthetic: people, homes and resources are invented.", "合成数据：人员、住处和资源均为虚构。"},
	wCredit:          {"Credit", "数据来源"},
	wSampled:         {"%s of %s match lines drawn, evenly sampled", "共%[2]s条匹配线 均匀抽取%[1]s条"},
	wNoPoints:        {"no needs and no resources", "没有需求和资源"},
	wKilometres:      {"km", "公里"},
	wMetres:          {"m", "米"},
	wServedByService: {"Served by service", "各服务项目满足情况"},
	wServedByClass:   {"Served by class", "各等级满足情况"},
	wNearestOne:      {"the nearest is %s", "最近的是%s"},
	wNearestBy:       {"the nearest, %s, by %s", "最近的%s差%s"},
	wTogether:        {"only several at once", "多项限制同时不符"},
	wNeedsFor:        {"%s needs for %s units", "%s项需求 共%s单位"},
	wResourcesWith:   {"%s resources with room for %s", "%s个资源 容量%s单位"},
	wOneUnit:         {"1 unit", "1个单位"},
	wSomeUnits:       {"%s units", "%s个单位"},
	wMinorUnits:      {"minor units of %s", "（%s最小单位）"},
	wOneMoreUnit:     {"one more unit of %s would help most", "%s增加一个单位最有帮助"},
	wOutranked:       {"but a need of class %d would take it", "但会先给%d级需求"},
}

// kindNames are the words for one and for many of each kind of resource.
var kindNames = map[care.Kind][2]string{
	care.Volunteer:  {"volunteer", "志愿者"},
	care.Team:       {"team", "志愿服务队"},
	care.ThirdParty: {"provider", "第三方机构"},
	care.Partner:    {"partner", "共建单位"},
	care.Venue:      {"venue", "服务阵地"},
}

// codeNames say in a few words why resources were removed.
var codeNames = map[match.Code][2]string{
	match.CodeService:     {"nobody offers the service", "无人提供该服务"},
	match.CodeKind:        {"kind of resource not accepted", "资源类别不被接受"},
	match.CodeSkill:       {"qualification missing", "缺少资质"},
	match.CodeLanguage:    {"no language in common", "语言不通"},
	match.CodeGender:      {"not the gender asked for", "性别不符"},
	match.CodeMaxDistance: {"farther than the need accepts", "超出需求的距离"},
	match.CodeRadius:      {"farther than the resource serves", "超出资源的服务半径"},
	match.CodeArea:        {"outside the areas served", "不在服务片区内"},
	match.CodePrice:       {"dearer than the need accepts", "价格过高"},
	match.CodeMode:        {"a venue does not visit", "服务阵地不上门"},
	match.CodeCapacity:    {"resources in reach are full", "可及资源已满"},
	match.CodeQuota:       {"provider's quota is used up", "机构配额已用完"},
	match.CodeReachable:   {"beyond a barrier", "被障碍区阻隔"},
	match.CodeTime:        {"not available at that time", "时间不合"},
	match.CodeAge:         {"not of the age asked for", "年龄不符"},
	match.CodeCarers:      {"too few to serve at once", "同时服务的人手不足"},
	match.CodeForbidden:   {"pairing not allowed", "结对已被禁止"},
	match.CodeLocking:     {"held by a pinned pairing", "已固定给其他结对"},
	match.CodeBudget:      {"provider's money is used up", "机构经费已用完"},
	match.CodeHours:       {"hours in reach are used up", "可及资源工时已满"},
	match.CodeMinimum:     {"too few to open", "人数不足未能开办"},
	match.CodeEvent:       {"the event stops elsewhere", "外出活动设在别处"},
	match.CodeApart:       {"too soon after another visit", "与另一次服务间隔过近"},
	match.CodeDistinct:    {"that helper serves another visit", "同一资源已服务另一次"},
	match.CodeWhole:       {"not all its units fit", "无法由一个资源全部承担"},
}

func (l Lang) say(w word) string { return wordTable[w][l] }

func (l Lang) sayf(w word, args ...any) string { return fmt.Sprintf(wordTable[w][l], args...) }

// Kind returns the name of a kind of resource.
func (l Lang) Kind(k care.Kind) string {
	if n, ok := kindNames[k]; ok {
		return n[l]
	}
	return string(k)
}

// Code returns what a reason's code says, in a few words.
func (l Lang) Code(c match.Code) string {
	if n, ok := codeNames[c]; ok {
		return n[l]
	}
	return string(c)
}

func (l Lang) status(s string) string {
	switch s {
	case "optimal":
		return l.say(wOptimal)
	case "feasible":
		return l.say(wFeasible)
	}
	return l.say(wUnknown)
}

func (l Lang) stop(s string) string {
	switch s {
	case "proved":
		return l.say(wProved)
	case "time":
		return l.say(wTime)
	case "work":
		return l.say(wWork)
	}
	return l.say(wCancelled)
}

func (l Lang) units(n int64) string {
	if n == 1 {
		return l.say(wOneUnit)
	}
	return l.sayf(wSomeUnits, count(n))
}

// count writes n with its thousands parted: 12,345.
func count[N int | int32 | int64](n N) string {
	s := strconv.FormatInt(int64(n), 10)
	start := 0
	if s[0] == '-' {
		start = 1
	}
	for i := len(s) - 3; i > start; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// percent writes a share with one decimal. It never rounds up to 100 %: a share just below says 99.9 %.
func percent(share float64) string {
	tenths := int(share*1000 + 0.5)
	if share < 1 && tenths >= 1000 {
		tenths = 999
	}
	return fmt.Sprintf("%d.%d%%", tenths/10, tenths%10)
}
