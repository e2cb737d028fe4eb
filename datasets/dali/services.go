package dali

import "github.com/courtyard-care/courtyard/solver/care"

// ageBand is one of the ages that the needs tell apart.
type ageBand int

const (
	child  ageBand = iota // 0-14
	adult                 // 15-64
	old                   // 65-79
	oldest                // 80 and over
	ageBands
)

// needsByAgeTable is how many needs a thousand people of an age raise: an assumption. It says that the oldest need help
// nearly every one, that children's needs are those of their families, and that few adults bring needs to a list.
var needsByAgeTable = [ageBands]int64{child: 120, adult: 20, old: 350, oldest: 900}

// womenByAgeTable is the share of women of an age, from the census.
var womenByAgeTable = [ageBands]int{child: 488, adult: 494, old: 528, oldest: 564}

// The qualifications of the city.
const (
	nurse        = "nurse"
	careWorker   = "care_worker"
	childWorker  = "childcare_worker"
	firstAid     = "first_aid"
	electrician  = "electrician"
	psychologist = "psychologist"
)

// The languages of the city.
const (
	mandarin    = "zh"
	southernBai = "bfs" // ISO 639-3: Bai as spoken about Dali
)

// Services with rules of their own.
const (
	nursing = "nursing"
	escort  = "escort"
)

// offering is one service with all that the generator assumes about it. Weights count against the others of their column.
type offering struct {
	id, parent, zh, en string
	minutes            int64
	common             bool // answered by venues
	byAge              [ageBands]int
	units              int    // 1 to units are asked for
	attend             int    // of a thousand, how many go out for it
	requires           string // qualification
	requiresIn         int    // of a thousand, how many require it
	gender             int    // of a thousand, how many ask for a helper of their own gender
	reachM             int    // metres that a helper may come from, or the person may go, in a community; half to all of it
	volunteers, teams  int    // weights of the service among what they offer
}

// serviceTable is the list of services, in the order of the file.
var serviceTable = []offering{
	{"elder_meal", "meals", "长者食堂助餐", "Meal at an elders' canteen", 45, true, [...]int{0, 0, 15, 8}, 3, 1000, "", 0, 0, 4500, 0, 10},
	{"home_meal", "meals", "送餐上门", "Hot meal brought home", 30, false, [...]int{0, 2, 8, 18}, 3, 0, "", 0, 0, 3500, 12, 16},
	{"day_care", "care", "日间照料", "Day care for the old", 480, true, [...]int{0, 0, 4, 5}, 2, 1000, careWorker, 300, 0, 5000, 0, 0},
	{"bathing", "care", "助浴", "Help with bathing", 60, false, [...]int{0, 1, 4, 12}, 1, 0, careWorker, 1000, 700, 6000, 3, 2},
	{nursing, "care", "上门护理", "Nursing at home", 45, false, [...]int{0, 3, 6, 12}, 3, 0, nurse, 1000, 80, 9000, 4, 4},
	{"home_care", "care", "居家照料", "Care at home", 90, false, [...]int{0, 3, 5, 12}, 3, 0, careWorker, 500, 250, 6000, 7, 4},
	{escort, "care", "陪同就医", "Escort to the hospital", 150, false, [...]int{0, 4, 8, 10}, 1, 0, firstAid, 200, 60, 5000, 11, 10},
	{"home_visit", "company", "上门探访", "Home visit", 40, false, [...]int{0, 2, 14, 16}, 2, 0, "", 0, 50, 3500, 18, 16},
	{"companionship", "company", "陪伴聊天", "Companionship", 60, false, [...]int{0, 2, 8, 8}, 2, 200, "", 0, 120, 3500, 13, 10},
	{"counselling", "company", "心理疏导", "Counselling", 60, false, [...]int{6, 8, 2, 1}, 2, 500, psychologist, 500, 100, 8000, 5, 4},
	{"forms", "errands", "代办与养老金认证", "Forms and pension papers", 30, false, [...]int{0, 14, 6, 3}, 1, 400, "", 0, 0, 4000, 9, 8},
	{"phone_help", "errands", "智能手机教学", "Help with a phone", 30, false, [...]int{0, 4, 10, 2}, 1, 300, "", 0, 0, 4000, 10, 10},
	{"cleaning", "household", "助洁", "Cleaning", 90, false, [...]int{0, 6, 6, 6}, 2, 0, "", 0, 60, 4000, 8, 8},
	{"repair", "household", "小修服务", "Small repairs", 60, false, [...]int{0, 10, 6, 3}, 1, 0, electrician, 350, 0, 6000, 6, 6},
	{"haircut", "household", "理发", "Haircut", 30, false, [...]int{0, 0, 5, 5}, 1, 200, "", 0, 0, 4000, 6, 6},
	{"childcare", "children", "托育与儿童托管", "Childcare", 180, true, [...]int{36, 0, 0, 0}, 3, 1000, childWorker, 400, 0, 5000, 8, 8},
	{"tutoring", "children", "课业辅导", "Tutoring", 60, false, [...]int{44, 0, 0, 0}, 2, 500, "", 0, 40, 4500, 18, 14},
}

// services returns the tree: six roots and what lies under them.
func services() []care.Service {
	tree := []care.Service{
		{ID: "meals", NameZH: "助餐", Name: "Meals"},
		{ID: "care", NameZH: "照护", Name: "Care"},
		{ID: "company", NameZH: "关爱陪伴", Name: "Company"},
		{ID: "errands", NameZH: "便民代办", Name: "Errands"},
		{ID: "household", NameZH: "家政维修", Name: "Household"},
		{ID: "children", NameZH: "儿童服务", Name: "Children"},
	}
	for i := range serviceTable {
		o := &serviceTable[i]
		tree = append(tree, care.Service{ID: o.id, Parent: o.parent, Name: o.en, NameZH: o.zh, Minutes: o.minutes, Common: o.common})
	}
	return tree
}

// position returns the index of a service in serviceTable.
func position(id string) int {
	for i := range serviceTable {
		if serviceTable[i].id == id {
			return i
		}
	}
	panic("dali: no service " + id)
}

// profile is what an organisation of one sort offers.
type profile struct {
	services       []string
	qualifications []string
}

// providerTable are taken in turn by the providers: three of five do care, where the long contracts are.
var providerTable = []profile{
	{[]string{"bathing", "nursing", "home_care", "escort"}, []string{careWorker, nurse, firstAid}},
	{[]string{"elder_meal", "home_meal", "day_care", "bathing", "home_care"}, []string{careWorker}},
	{[]string{"home_meal", "home_visit", "cleaning", "repair", "haircut"}, []string{electrician}},
	{[]string{"nursing", "home_care", "escort", "home_visit"}, []string{nurse, careWorker}},
	{[]string{"counselling", "childcare", "tutoring"}, []string{childWorker, psychologist}},
}

// partnerTable are the bodies and firms of a neighbourhood, taken in turn: a canteen, a kindergarten, a clinic, an
// eating house, a school, a bank or telephone shop, a property firm.
var partnerTable = []profile{
	{[]string{"elder_meal", "home_meal"}, nil},
	{[]string{"childcare"}, []string{childWorker}},
	{[]string{"nursing", "escort", "counselling"}, []string{nurse, firstAid}},
	{[]string{"elder_meal", "home_meal"}, nil},
	{[]string{"childcare", "tutoring", "counselling"}, []string{childWorker}},
	{[]string{"forms", "phone_help"}, nil},
	{[]string{"cleaning", "repair", "haircut"}, []string{electrician}},
}
