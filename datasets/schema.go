package datasets

// The types below describe the JSON of a match request to whoever generates a schema from them. [ReadRequest] does not
// decode into them: it fills the solver's own types from the same members in one pass.

// MatchRequestJSON is the body of POST /v1/match.
type MatchRequestJSON struct {
	Needs     []NeedJSON     `json:"needs" doc:"The needs list"`
	Resources []ResourceJSON `json:"resources" doc:"The resources list"`
	Providers []ProviderJSON `json:"providers,omitempty" doc:"Third-party organisations; when left out, no provider has a quota"`
	Services  []ServiceJSON  `json:"services,omitempty" doc:"The tree of services; when left out, every name is a service"`
	Contracts []ContractJSON `json:"contracts,omitempty" doc:"What providers lend to resources"`
	Events    []EventJSON    `json:"events,omitempty" doc:"Outreach events; when left out, no event bounds its stops"`
	Pairings  []PairingJSON  `json:"pairings,omitempty" doc:"What is known of a need and a resource together"`
	Previous  []PlanRowJSON  `json:"previous,omitempty" doc:"The matches of an earlier answer: their pairs last if they can. Rows of needs and resources that have gone are left out"`
	Options   *OptionsJSON   `json:"options,omitempty"`
	Mode      string         `json:"mode,omitempty" enum:"solve,validate" default:"solve" doc:"validate checks the request and solves nothing"`
	Keep      bool           `json:"keep,omitempty" doc:"The service remembers the match for a while: its answer has a match_id, which later requests may name instead of the lists"`
}

// CheckRequestJSON is the body of POST /v1/match/check.
type CheckRequestJSON struct {
	MatchRequestJSON
	Matches []PlanRowJSON `json:"matches" doc:"The plan to check"`
}

// PlanRowJSON is one pair of a plan made elsewhere. An entry of an answer's matches may be sent as it is.
type PlanRowJSON struct {
	NeedID     string `json:"need_id"`
	ResourceID string `json:"resource_id"`
	Units      int64  `json:"units" minimum:"1"`
	DistanceM  *int64 `json:"distance_m,omitempty" doc:"Not read: distances are measured anew"`
	Cost       *int64 `json:"cost,omitempty" doc:"Not read: costs are computed anew"`

	Service      string         `json:"service,omitempty" doc:"The stand-in given; none for the very service asked for"`
	Date         string         `json:"date,omitempty" format:"date" doc:"Of all its units, where they have one"`
	Days         []DayUnitsJSON `json:"days,omitempty" doc:"Its units day by day, instead of date"`
	Pairing      string         `json:"pairing,omitempty" doc:"Not read"`
	Alternatives []any          `json:"alternatives,omitempty" doc:"Not read"`
}

// DayUnitsJSON are the units of a match on one day.
type DayUnitsJSON struct {
	Date  string `json:"date" format:"date" example:"2026-12-01"`
	Units int64  `json:"units" minimum:"1"`
}

// NeedJSON is one request of one person or household.
type NeedJSON struct {
	ID           string   `json:"id" doc:"Opaque; never a name or a contact" example:"n1"`
	Service      string   `json:"service" doc:"The service asked for" example:"meal"`
	Lon          float64  `json:"lon" minimum:"-180" maximum:"180" doc:"WGS-84 degrees" example:"100.226"`
	Lat          float64  `json:"lat" minimum:"-90" maximum:"90" doc:"WGS-84 degrees" example:"25.593"`
	Units        int64    `json:"units,omitempty" minimum:"1" default:"1" doc:"Units asked for; they may be split over several resources"`
	Party        string   `json:"party,omitempty" doc:"Path of the service party that keeps the need, parted by /" example:"532901/532901003"`
	Priority     int64    `json:"priority,omitempty" minimum:"1" maximum:"3" default:"2" doc:"Class; 1 is served first"`
	Accepts      []string `json:"accepts,omitempty" doc:"Kinds of resource accepted; none listed accepts all" example:"[\"volunteer\",\"provider\"]"`
	Requires     []string `json:"requires,omitempty" doc:"Qualifications required"`
	Prefers      []string `json:"prefers,omitempty" doc:"Ids of resources preferred"`
	Avoids       []string `json:"avoids,omitempty" doc:"Ids of resources rather avoided"`
	Languages    []string `json:"languages,omitempty" doc:"At least one in common"`
	Gender       string   `json:"gender,omitempty" enum:"female,male" doc:"Of the resource"`
	MaxDistanceM *int64   `json:"max_distance_m,omitempty" minimum:"0" doc:"Metres"`
	MaxPrice     *int64   `json:"max_price,omitempty" minimum:"0" doc:"Of one unit, in minor units of the currency"`
	Mode         string   `json:"mode,omitempty" enum:"visit,attend,remote" default:"visit" doc:"visit: the resource comes; attend: the person goes; remote: nobody travels, and distance does not count"`

	Date       string        `json:"date,omitempty" format:"date" doc:"Once: all units are wanted on this day" example:"2026-12-01"`
	Weekdays   []string      `json:"weekdays,omitempty" enum:"mon,tue,wed,thu,fri,sat,sun" doc:"Recurring: days that suit, at most one visit on each"`
	Window     string        `json:"window,omitempty" pattern:"^[0-9]{1,2}:[0-9]{2}-[0-9]{1,2}:[0-9]{2}$" doc:"Part of the day that suits; needs date or weekdays" example:"09:00-11:30"`
	Minutes    *int64        `json:"minutes,omitempty" minimum:"0" doc:"Duration of one unit; when left out, that of the service"`
	TimesAWeek *int64        `json:"times_a_week,omitempty" minimum:"1" maximum:"7" doc:"Recurring: visits in each seven days of the horizon; when left out, on every day that suits"`
	DaysApart  *int64        `json:"days_apart,omitempty" minimum:"1" default:"1" doc:"Recurring: least days from one visit to the next"`
	Carers     *int64        `json:"carers,omitempty" minimum:"1" default:"1" doc:"How many of one resource serve a unit at once"`
	Whole      bool          `json:"whole,omitempty" default:"false" doc:"One resource serves all units of the need, or none are served"`
	Distinct   bool          `json:"distinct,omitempty" default:"false" doc:"No resource serves two units of the need"`
	StandIns   []StandInJSON `json:"stand_ins,omitempty" doc:"Services accepted instead, each the parent or a sibling of the service"`
	Interests  []string      `json:"interests,omitempty" doc:"Wished to be shared"`
	AgeFrom    *int64        `json:"age_from,omitempty" minimum:"0" doc:"Least age of the resource, years"`
	AgeTo      *int64        `json:"age_to,omitempty" minimum:"0" doc:"Greatest age of the resource, years"`
}

// StandInJSON is a service that a need accepts instead of its own.
type StandInJSON struct {
	Service string `json:"service" example:"soup"`
	Penalty int64  `json:"penalty" minimum:"0" doc:"Cost of each unit, before w_stand_in"`
}

// ResourceJSON is whoever or whatever serves.
type ResourceJSON struct {
	ID             string      `json:"id" doc:"Opaque; never a name or a contact" example:"r1"`
	Kind           string      `json:"kind" enum:"volunteer,team,provider,partner,venue"`
	Lon            float64     `json:"lon" minimum:"-180" maximum:"180" doc:"WGS-84 degrees" example:"100.231"`
	Lat            float64     `json:"lat" minimum:"-90" maximum:"90" doc:"WGS-84 degrees" example:"25.601"`
	Services       []OfferJSON `json:"services" minItems:"1"`
	Qualifications []string    `json:"qualifications,omitempty"`
	Capacity       *int64      `json:"capacity,omitempty" minimum:"0" default:"1" doc:"Bounds all its units"`
	RadiusM        *int64      `json:"radius_m,omitempty" minimum:"0" doc:"How far it serves, metres"`
	Areas          []string    `json:"areas,omitempty" doc:"Paths of the service parties it serves; none listed serves all"`
	Price          int64       `json:"price,omitempty" minimum:"0" default:"0" doc:"Of one unit, in minor units of the currency"`
	Languages      []string    `json:"languages,omitempty"`
	Gender         string      `json:"gender,omitempty" enum:"female,male"`
	Provider       string      `json:"provider,omitempty" doc:"Id of the provider behind it"`

	Availability    []SlotJSON      `json:"availability,omitempty" doc:"Weekly hours; none listed is always"`
	Exceptions      []ExceptionJSON `json:"exceptions,omitempty" doc:"Dates on which the week does not count"`
	DayCapacity     []DayLimitJSON  `json:"capacity_by_weekday,omitempty" doc:"Bounds the units on each such day"`
	CapacityMinutes *int64          `json:"capacity_minutes,omitempty" minimum:"0" doc:"Bounds the minutes of all its units"`
	MinUnits        int64           `json:"min_units,omitempty" minimum:"0" default:"0" doc:"It opens with at least so many units, else it serves nobody"`
	Promised        bool            `json:"promised,omitempty" default:"false" doc:"min_units is promised: it opens with fewer, and units short are made few before all else"`
	Members         *int64          `json:"members,omitempty" minimum:"1" doc:"How many serve in it; when left out, 1 for a volunteer and enough for all others"`
	Team            string          `json:"team,omitempty" doc:"Of a volunteer: id of the team whose capacity its units share"`
	Expires         []ExpiryJSON    `json:"expires,omitempty" doc:"Last days of its qualifications"`
	Programme       string          `json:"programme,omitempty" doc:"The series of which it is a session"`
	SessionDate     string          `json:"session_date,omitempty" format:"date" doc:"It is a session of this day; a unit is a seat"`
	SessionWindow   string          `json:"session_window,omitempty" pattern:"^[0-9]{1,2}:[0-9]{2}-[0-9]{1,2}:[0-9]{2}$" example:"14:00-16:00"`
	Event           string          `json:"event,omitempty" doc:"Id of the outreach event of which it is one possible stop"`
	Interests       []string        `json:"interests,omitempty"`
	Age             *int64          `json:"age,omitempty" minimum:"0" doc:"Years"`
}

// SlotJSON is a part of a resource's week.
type SlotJSON struct {
	Weekday string `json:"weekday" enum:"mon,tue,wed,thu,fri,sat,sun"`
	Window  string `json:"window" pattern:"^[0-9]{1,2}:[0-9]{2}-[0-9]{1,2}:[0-9]{2}$" example:"08:00-12:00"`
}

// ExceptionJSON is a date on which a resource is off, or available at other hours.
type ExceptionJSON struct {
	Date   string `json:"date" format:"date" example:"2026-12-02"`
	Off    bool   `json:"off,omitempty" default:"false" doc:"Not available on that date; without it, window is required"`
	Window string `json:"window,omitempty" pattern:"^[0-9]{1,2}:[0-9]{2}-[0-9]{1,2}:[0-9]{2}$" example:"09:00-12:00"`
}

// DayLimitJSON bounds the units on one day of the week.
type DayLimitJSON struct {
	Weekday  string `json:"weekday" enum:"mon,tue,wed,thu,fri,sat,sun"`
	Capacity int64  `json:"capacity" minimum:"0"`
}

// ExpiryJSON is the last day of a qualification.
type ExpiryJSON struct {
	Qualification string `json:"qualification" example:"nurse"`
	Until         string `json:"until" format:"date" example:"2026-12-31"`
}

// OfferJSON is one service of a resource.
type OfferJSON struct {
	Service  string `json:"service" example:"meal"`
	Capacity *int64 `json:"capacity,omitempty" minimum:"0" doc:"Bounds the units of this service"`
}

// ProviderJSON is a third-party organisation under contract.
type ProviderJSON struct {
	ID             string   `json:"id"`
	Quota          *int64   `json:"quota,omitempty" minimum:"0" doc:"Bounds the units of all resources that name the provider"`
	Qualifications []string `json:"qualifications,omitempty" doc:"Lent to all its resources"`

	Budget  *int64       `json:"budget,omitempty" minimum:"0" doc:"Bounds the money paid for those units, in minor units of the currency"`
	Subsidy *int64       `json:"subsidy,omitempty" minimum:"0" doc:"Paid for one unit, at most its price; when left out, the price"`
	Expires []ExpiryJSON `json:"expires,omitempty" doc:"Last days of its qualifications"`
}

// ContractJSON links a provider and a resource.
type ContractJSON struct {
	Provider string   `json:"provider" doc:"Id of the provider"`
	Resource string   `json:"resource" doc:"Id of the resource"`
	Lends    []string `json:"lends,omitempty" doc:"Qualifications of the provider that the resource has by it; none listed are all"`
	From     string   `json:"from,omitempty" format:"date" doc:"First day"`
	To       string   `json:"to,omitempty" format:"date" doc:"Last day"`
}

// EventJSON is an outreach event.
type EventJSON struct {
	ID   string `json:"id"`
	Days *int64 `json:"days,omitempty" minimum:"0" doc:"How many of its stops may open; when left out, all"`
}

// PairingJSON is what is known of a need and a resource together.
type PairingJSON struct {
	Need     string `json:"need" doc:"Id of the need"`
	Resource string `json:"resource" doc:"Id of the resource"`
	State    string `json:"state" enum:"lasting,pinned,confirmed,forbidden,declined,stand_by,open" doc:"lasting: kept if it can be; pinned, confirmed: must be kept; forbidden, declined: never; stand_by: moving there from a lasting pairing costs no change; open: only states a cost"`
	Units    *int64 `json:"units,omitempty" minimum:"1" doc:"Of a lasting or pinned pairing; when left out, all that the need asks for"`
	Cost     int64  `json:"cost,omitempty" minimum:"0" default:"0" doc:"Added to the cost of each unit of the pair"`
}

// ServiceJSON is one node of the tree of services.
type ServiceJSON struct {
	ID      string `json:"id"`
	Parent  string `json:"parent,omitempty" doc:"Id of the parent; none for a root"`
	Name    string `json:"name,omitempty"`
	NameZH  string `json:"name_zh,omitempty"`
	Minutes int64  `json:"minutes,omitempty" minimum:"0" doc:"Usual duration of one unit"`
	Common  int64  `json:"common,omitempty" enum:"0,1" default:"0" doc:"1 where venues answer it; true and false are understood too"`
}

// OptionsJSON are the options of a match.
type OptionsJSON struct {
	WDistance   *int64   `json:"w_distance,omitempty" minimum:"0" default:"1" doc:"Cost of one metre"`
	WPrice      *int64   `json:"w_price,omitempty" minimum:"0" default:"1" doc:"Cost of one minor unit of money"`
	WPreference *int64   `json:"w_preference,omitempty" minimum:"0" default:"500" doc:"Cost of a broken preference"`
	WStandIn    *int64   `json:"w_stand_in,omitempty" minimum:"0" default:"1" doc:"Cost of a unit of a stand-in's penalty"`
	WInterest   *int64   `json:"w_interest,omitempty" minimum:"0" default:"100" doc:"Cost of an interest that the resource does not share"`
	WChange     *int64   `json:"w_change,omitempty" minimum:"0" default:"2000" doc:"Cost of a unit of a lasting pairing that is not kept"`
	WLoad       *int64   `json:"w_load,omitempty" minimum:"0" default:"0" doc:"Of fair load: a volunteer with u units costs w_load times u² more"`
	Detour      *float64 `json:"detour,omitempty" minimum:"1" default:"1" doc:"Factor on every distance"`
	Barriers    any      `json:"barriers,omitempty" doc:"GeoJSON of polygons that no way enters"`
	Nearest     *int64   `json:"nearest,omitempty" minimum:"1" doc:"Consider only the k nearest eligible resources of each need"`
	Currency    string   `json:"currency,omitempty" minLength:"3" maxLength:"3" pattern:"^[A-Z]{3}$" default:"CNY"`
	TimeLimitS  *float64 `json:"time_limit_s,omitempty" exclusiveMinimum:"0" doc:"Seconds"`

	From         string   `json:"from,omitempty" format:"date" doc:"First day planned; required where the lists hold a date, a weekday or an expiry"`
	Days         *int64   `json:"days,omitempty" minimum:"1" maximum:"366" default:"7" doc:"Days planned"`
	Timezone     string   `json:"timezone,omitempty" default:"Asia/Shanghai" doc:"IANA name of the zone of all windows"`
	Tiers        []string `json:"tiers,omitempty" enum:"unmet_1,unmet_2,unmet_3,worst_distance,worst_need,changes,load,cost" doc:"What is made least, in this order: the three unmet first, in any order, and cost among the others; when left out, unmet_1, unmet_2, unmet_3, cost"`
	Pinned       string   `json:"pinned,omitempty" enum:"refuse,keep" default:"refuse" doc:"What becomes of a pinned pairing that breaks a rule of eligibility: a fault, or kept and said in pinned_breaks"`
	Relaxations  *int64   `json:"relaxations,omitempty" minimum:"-1" default:"0" doc:"For so many unmet needs, the cheapest changes that would serve them; -1 is all"`
	Alternatives *int64   `json:"alternatives,omitempty" minimum:"0" default:"0" doc:"So many next best resources for each match"`
}
