package report

import (
	"fmt"

	"github.com/courtyard-care/courtyard/solver/match"
)

// pageTable holds the words of the page that the map does not share, in English and in Chinese. A page is written in the
// fonts of its reader, so that these need no glyphs of ours.
var pageTable = map[string][2]string{
	"contents":           {"Contents", "目录"},
	"served":             {"Who is served", "满足情况"},
	"median distance":    {"median distance", "距离中位数"},
	"half within":        {"half within %s", "半数不超过%s"},
	"nine in ten within": {"nine in ten within %s", "九成不超过%s"},
	"units unmet":        {"units unmet", "未满足的数量"},
	"of needs":           {"needs concerned: %s", "涉及%s项需求"},
	"answered":           {"mean of %s answers", "%s份反馈的平均分"},

	"map":    {"Map", "地图"},
	"legend": {"What the marks mean", "图例"},
	"no map": {"There is nothing to draw: the lists are empty.", "名单为空，没有可画的内容。"},

	"distance":       {"How far help comes", "服务距离"},
	"distance desc":  {"Histogram of the units served by distance: half within %s, nine in ten within %s, the farthest %s.", "已满足数量按距离的分布：半数不超过%s，九成不超过%s，最远%s。"},
	"distance word":  {"distance", "距离"},
	"distance axis":  {"distance between need and resource", "需求与资源之间的距离"},
	"units axis":     {"units served", "已满足的数量"},
	"range":          {"%s to %s m", "%s至%s米"},
	"farther":        {"%s or farther", "%s及以上"},
	"tail":           {"The last bar gathers %s at %s or farther; the farthest goes %s.", "最后一栏汇总%s，距离在%s及以上，最远%s。"},
	"as table":       {"The same as a table", "以表格显示"},
	"nothing served": {"Nothing was served, so there are no distances.", "没有已满足的需求，因此没有距离分布。"},

	"spread":             {"Resources by how full they are", "资源按负荷分布"},
	"unused":             {"unused", "未使用"},
	"to 25":              {"up to 25%", "不超过25%"},
	"to 50":              {"over 25 to 50%", "25%以上至50%"},
	"to 75":              {"over 50 to 75%", "50%以上至75%"},
	"below 100":          {"over 75%, not full", "75%以上未满"},
	"full":               {"full", "已满"},
	"no capacity":        {"without capacity", "没有容量"},
	"show more":          {"Show %d more", "再显示%d个"},
	"tightest":           {"Where one more unit would help most", "增加一个单位最有帮助的资源"},
	"fullest":            {"The fullest resources", "负荷最高的资源"},
	"kind":               {"kind", "类别"},
	"used of capacity":   {"used / capacity", "已用／容量"},
	"load word":          {"load", "负荷"},
	"worth":              {"one more unit there", "在此增加一个单位"},
	"serves one more":    {"%s more of class %d served", "可多满足%[2]d级需求%[1]s"},
	"saves cost":         {"%s of cost saved", "节省成本%s"},
	"resources left out": {"Not listed: %s of %s resources.", "共%[2]s个资源，其中%[1]s个未列出。"},
	"services left out":  {"Not listed: services: %s, units served: %s of %s.", "另有%s个服务项目未列出：已满足%s／提出%s。"},

	"parties":          {"Served by community", "各社区满足情况"},
	"own list":         {"its own list", "本级名单"},
	"no party":         {"no service party", "未注明服务方"},
	"tiers left out":   {"Not listed: %s parties of lower tiers; the lines above include them.", "更低层级共%s个服务方未列出，其数量已计入上级。"},
	"parties left out": {"Not listed: %s parties, with fewer units unmet each.", "另有%s个未满足较少的服务方未列出。"},

	"unmet":               {"What stays unmet, and why", "未满足的需求及原因"},
	"several":             {"How many unmet needs name the reason, of %s in all; one need may name several.", "共%s项未满足的需求，各原因被提及的次数；一项需求可有多个原因。"},
	"unmet needs":         {"Unmet needs", "未满足的需求"},
	"service":             {"service", "服务项目"},
	"class":               {"class", "等级"},
	"why":                 {"why", "原因"},
	"minutes":             {"minutes", "分钟"},
	"programmes":          {"Programmes: seats taken", "活动：已用名额"},
	"sessions opened":     {"sessions opened: %s of %s", "开办%s场／共%s场"},
	"programmes left out": {"Not listed: %s programmes.", "另有%s个活动未列出。"},
	"stand-ins":           {"with a stand-in: %s", "替代服务：%s"},
	"pairings kept":       {"pairings kept", "保持的结对"},
	"kept of lasting":     {"%s of %s units of lasting pairings", "长期结对%[2]s个单位中保持%[1]s个"},
	"second":              {"Who else could serve", "备选资源"},
	"second open":         {"Matches with their next best resources (%d)", "各匹配及其备选资源（%d）"},
	"second now":          {"now", "现在"},
	"second then":         {"or, and what the whole match would be then", "备选资源及整体变化"},
	"second left out":     {"Not listed: %s matches; the JSON answer has all.", "另有%s条匹配未列出；JSON结果包含全部。"},
	"cost then":           {"cost %s", "成本%s"},
	"others move":         {"others who move: %s", "其他变动：%s"},
	"cheapest":            {"Cheapest change: %s", "最低调整：%s"},
	"by":                  {"by %s", "差%s"},
	"pinned breaks":       {"Pinned pairings that break a rule", "违反规则的固定结对"},
	"pinned left":         {"Not listed: %s more.", "另有%s条未列出。"},
	"days":                {"Units by day", "各日数量"},
	"to":                  {"%s to %s", "%s至%s"},
	"weekdays":            {"Sun Mon Tue Wed Thu Fri Sat", "周日 周一 周二 周三 周四 周五 周六"},
	"rule":                {"rule", "规则"},
	"more reasons":        {"and %s more", "另有%s条"},
	"unmet left out":      {"Not listed: %s of %s unmet needs; the JSON answer has all.", "共%[2]s项未满足的需求，其中%[1]s项未列出；JSON结果包含全部。"},

	"proof":          {"What is proved", "证明"},
	"proof optimal":  {"Proved: no match leaves fewer units unmet, the most urgent class first, and none of those that leave as few costs less.", "已证明：按等级从高到低，没有任何方案的未满足数量更少；在同样少的方案中，没有成本更低的。"},
	"proof tiers":    {"Proved: no match is better, its parts compared in the order below.", "已证明：按下列顺序逐项比较，没有更好的方案。"},
	"proof nearest":  {"Proved for the %d nearest eligible resources of each need: no match among them leaves fewer units unmet, the most urgent class first, or costs less. Farther resources were not considered.", "在每项需求最近的%d个合格资源范围内已证明：没有未满足更少或成本更低的方案。更远的资源未考虑。"},
	"proof feasible": {"The best match found before the search ended (%s). Every match is at least as dear as the bound.", "搜索结束（%s）前找到的最好方案。任何方案都不会优于下界。"},
	"proof unknown":  {"The search ended (%s) before a match was found.", "搜索结束（%s）前没有找到方案。"},
	"part":           {"part, in order", "目标（按顺序）"},
	"answer":         {"this match", "本方案"},
	"gap":            {"gap", "差距"},
	"choices kept":   {"What one more unit is worth, and what the reasons promise, holds with the choices of this match kept: what opens, who is served whole, hours and money as spent.", "增加一个单位的价值和原因中的建议，以保持本方案的选择为前提：开放的场次、整体服务的对象、已用的工时和经费。"},
	"branched on":    {"Branched on: %s", "分支搜索：%s"},
	"stop":           {"Search", "搜索"},
	"eligible pairs": {"Eligible pairs", "合格的配对"},
	"priced pairs":   {"Pairs searched", "参与搜索的配对"},
	"rounds":         {"Rounds", "轮数"},
	"work":           {"Work", "工作量"},

	"options": {"Options used", "所用选项"},
	"further": {"Further figures", "其他指标"},
	"none":    {"none", "无"},
	"yes":     {"yes", "是"},
	"no":      {"no", "否"},
	"foot":    {"This page holds ids of needs and resources only, loads nothing and runs no script.", "本页只含需求和资源的编号，不加载外部内容，不运行脚本。"},
}

// sharedWords are the words of the map and of the table that the page uses too.
var sharedWords = map[string]word{
	"brand":             wCourtyard,
	"figures":           wFigures,
	"served by class":   wServedByClass,
	"served by service": wServedByService,
	"load by kind":      wLoadByKind,
	"densest":           wDensest,
	"served need":       wServedNeed,
	"unmet need":        wUnmetNeed,
	"match line":        wMatchLine,
	"all served":        wNoUnmet,
	"resource":          wResource,
	"need":              wNeed,
	"units":             wUnits,
	"bound":             wBound,
	"credit":            wCredit,
}

// optionNames are the words for the options of a match, by their keys in the answer.
var optionNames = map[string][2]string{
	"w_distance":   {"Cost of a metre", "每米成本"},
	"w_price":      {"Cost of a minor unit of money", "每最小货币单位成本"},
	"w_preference": {"Cost of a broken preference", "违背偏好的成本"},
	"detour":       {"Factor on distances", "距离系数"},
	"barriers":     {"Barriers", "障碍区"},
	"nearest":      {"Nearest resources considered", "只考虑最近的资源数"},
	"currency":     {"Currency", "货币"},
	"time_limit_s": {"Time limit, seconds", "时限（秒）"},
	"w_stand_in":   {"Cost of a unit of a stand-in's penalty", "替代服务每单位罚分成本"},
	"w_interest":   {"Cost of an interest not shared", "每项未满足的兴趣成本"},
	"w_change":     {"Cost of a changed pairing", "变更结对的成本"},
	"w_load":       {"Cost of uneven load", "负荷不均的成本"},
	"from":         {"First day", "首日"},
	"days":         {"Days", "天数"},
	"timezone":     {"Time zone", "时区"},
	"tiers":        {"What is made least, in order", "优化目标（按顺序）"},
	"pinned":       {"Pinned pairings that break a rule", "违反规则的固定结对"},
	"relaxations":  {"Needs with cheapest changes sought", "寻求最低调整的需求数"},
	"alternatives": {"Next best resources sought", "寻求的备选资源数"},
}

// tierNames are the words for the parts of the objective.
var tierNames = map[match.Tier][2]string{
	tierShort:               {"units short of promised minimums", "低于承诺下限的数量"},
	match.TierUnmet1:        {"units unmet, class 1", "一级未满足数量"},
	match.TierUnmet2:        {"units unmet, class 2", "二级未满足数量"},
	match.TierUnmet3:        {"units unmet, class 3", "三级未满足数量"},
	match.TierWorstDistance: {"longest distance, metres", "最远距离（米）"},
	match.TierWorstNeed:     {"cost of the dearest need", "成本最高的需求"},
	match.TierChanges:       {"changed pairings", "变更的结对"},
	match.TierLoad:          {"fair load (sum of squares)", "负荷均衡（平方和）"},
	match.TierCost:          {"cost", "成本"},
}

// hardNames are the words for the constraints that are not a flow.
var hardNames = map[match.HardKind][2]string{
	match.HardBudget:   {"a provider's money", "机构经费"},
	match.HardHours:    {"hours of a resource", "资源工时"},
	match.HardCarers:   {"several carers at once", "多人同时服务"},
	match.HardMinimum:  {"least units to open", "开办下限"},
	match.HardWhole:    {"needs served whole", "整体服务的需求"},
	match.HardEvent:    {"stops of an event", "外出活动站点"},
	match.HardApart:    {"days between visits", "服务间隔天数"},
	match.HardDistinct: {"another helper each visit", "每次由不同资源服务"},
	match.HardDay:      {"limits of service and day", "服务项目与当日上限"},
	match.HardNeed:     {"the dearest need", "成本最高的需求"},
}

// adviceNames say what would help against a reason.
var adviceNames = map[match.Code][2]string{
	match.CodeService:     {"add the service to a resource, or find one that offers it", "为现有资源增加该服务，或寻找能提供的资源"},
	match.CodeKind:        {"accept more kinds", "接受更多类别的资源"},
	match.CodeSkill:       {"train or certify, or lend a provider's qualification", "培训取证，或由机构出借资质"},
	match.CodeLanguage:    {"add a language or an interpreter", "增加语言或翻译"},
	match.CodeGender:      {"find resources of the gender asked for", "寻找所需性别的服务人员"},
	match.CodeMaxDistance: {"accept a longer way, or find someone nearer", "放宽距离，或寻找更近的资源"},
	match.CodeRadius:      {"widen a radius, or find someone nearer", "扩大服务半径，或寻找更近的资源"},
	match.CodeArea:        {"open an area to the need's party", "将该服务方纳入服务片区"},
	match.CodePrice:       {"raise the price accepted, or subsidise", "提高可接受价格，或给予补贴"},
	match.CodeMode:        {"attend at the venue, or find one that visits", "前往服务阵地，或寻找可上门的资源"},
	match.CodeCapacity:    {"add capacity where one more unit helps most", "在最有帮助处增加容量"},
	match.CodeQuota:       {"add to the quota of the provider", "增加机构配额"},
	match.CodeTime:        {"widen the window, or add hours", "放宽时间段，或增加服务时间"},
	match.CodeAge:         {"accept another age", "放宽年龄要求"},
	match.CodeCarers:      {"add members", "增加成员"},
	match.CodeForbidden:   {"find another helper", "寻找其他资源"},
	match.CodeLocking:     {"free the pinned pairing", "解除固定的结对"},
	match.CodeBudget:      {"add to the provider's budget", "增加机构经费"},
	match.CodeHours:       {"add hours", "增加工时"},
	match.CodeMinimum:     {"gather more people, or open with fewer", "召集更多人，或降低开办下限"},
	match.CodeEvent:       {"add a day to the event", "为外出活动增加一天"},
	match.CodeApart:       {"accept visits closer together", "缩短服务间隔"},
	match.CodeDistinct:    {"accept the same helper again", "接受同一资源再次服务"},
	match.CodeWhole:       {"accept several helpers", "接受由多个资源分担"},
	match.CodeReachable:   {"correct the barriers, or find someone on this side", "核对障碍区，或寻找同侧的资源"},
}

// pageWord returns the words of a key; a key that has none stands for itself.
func (l Lang) pageWord(key string) string {
	if w, ok := pageTable[key]; ok {
		return w[l]
	}
	if w, ok := sharedWords[key]; ok {
		return l.say(w)
	}
	return key
}

func (l Lang) pageWordf(key string, args ...any) string { return fmt.Sprintf(l.pageWord(key), args...) }

// tier returns the words of a part of the objective.
func (l Lang) tier(t match.Tier) string {
	if w, ok := tierNames[t]; ok {
		return w[l]
	}
	return string(t)
}

// hard returns the words of a constraint that is not a flow.
func (l Lang) hard(k match.HardKind) string {
	if w, ok := hardNames[k]; ok {
		return w[l]
	}
	return string(k)
}

// advice says what would help against a reason, "" where nothing is known.
func (l Lang) advice(c match.Code) string { return adviceNames[c][l] }
