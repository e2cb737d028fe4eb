package datasets

// The types below describe the JSON of a match request to whoever generates a schema from them. [ReadRequest] does not
// decode into them: it fills the solver's own types from the same members in one pass.

// MatchRequestJSON is the body of POST /v1/match.
type MatchRequestJSON struct {
	Needs     []NeedJSON     `json:"needs" doc:"The needs list"`
	Resources []ResourceJSON `json:"resources" doc:"The resources list"`
	Providers []ProviderJSON `json:"providers,omitempty" doc:"Third-party organisations; when left out, no provider has a quota"`
	Services  []ServiceJSON  `json:"services,omitempty" doc:"The tree of services; when left out, every name is a service"`
	Options   *OptionsJSON   `json:"options,omitempty"`
	Mode      string         `json:"mode,omitempty" enum:"solve,validate" default:"solve" doc:"validate checks the request and solves nothing"`
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
	Mode         string   `json:"mode,omitempty" enum:"visit,attend" default:"visit" doc:"visit: the resource comes; attend: the person goes"`
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
	Detour      *float64 `json:"detour,omitempty" minimum:"1" default:"1" doc:"Factor on every distance"`
	Barriers    any      `json:"barriers,omitempty" doc:"GeoJSON of polygons that no way enters"`
	Nearest     *int64   `json:"nearest,omitempty" minimum:"1" doc:"Consider only the k nearest eligible resources of each need"`
	Currency    string   `json:"currency,omitempty" minLength:"3" maxLength:"3" pattern:"^[A-Z]{3}$" default:"CNY"`
	TimeLimitS  *float64 `json:"time_limit_s,omitempty" exclusiveMinimum:"0" doc:"Seconds"`
}
