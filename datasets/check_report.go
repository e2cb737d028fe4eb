package datasets

import (
	"fmt"
	"strconv"

	"github.com/courtyard-care/courtyard/solver/match"
)

// CheckReport says what a plan made elsewhere is worth: the answer of POST /v1/match/check.
type CheckReport struct {
	Valid      bool            `json:"valid" doc:"Whether the plan breaks no rule"`
	Objective  ObjectiveJSON   `json:"objective" doc:"Of the plan as it is; units of broken pairs count as served"`
	Matches    int             `json:"matches" doc:"Pairs in the plan"`
	Units      int64           `json:"units" doc:"Units in the plan"`
	Violations []ViolationJSON `json:"violations"`
}

// ViolationJSON is one rule that a plan breaks.
type ViolationJSON struct {
	Code       string  `json:"code" doc:"As in the reasons of an answer; UNITS_CONSTRAINT for a need served beyond its units or a pair given twice"`
	Pointer    string  `json:"pointer" doc:"JSON Pointer into the request: the match, need, resource or provider concerned"`
	NeedID     *string `json:"need_id"`
	ResourceID *string `json:"resource_id"`
	ProviderID *string `json:"provider_id"`
	ExcessBy   int64   `json:"excess_by" doc:"How far beyond the rule, in the constraint's unit; 0 where it has none"`
	Detail     string  `json:"detail"`
}

// Review scores the plan of a valid request. Rows of the plan that name unknown needs or resources are faults, all at
// once, in a [*solver.Invalid].
func Review(req *MatchRequest) (*CheckReport, error) {
	plan, rowOf, err := req.plan()
	if err != nil {
		return nil, err
	}
	violations, value, err := match.Review(&req.Problem, plan)
	if err != nil {
		return nil, fmt.Errorf("review the plan: %w", err)
	}
	return newCheckReport(req, plan, rowOf, violations, value), nil
}

func newCheckReport(req *MatchRequest, plan []match.Match, rowOf []int, violations []match.Violation, value match.Objective) *CheckReport {
	lists := &req.Problem.Lists
	type pair struct{ need, resource int32 }
	first := make(map[pair]int, len(plan))
	report := &CheckReport{
		Valid:      len(violations) == 0,
		Objective:  goalOf(&req.Problem).objective(value),
		Matches:    len(req.Plan),
		Violations: make([]ViolationJSON, len(violations)),
	}
	for k, m := range plan {
		report.Units += m.Units
		if _, ok := first[pair{m.Need, m.Resource}]; !ok {
			first[pair{m.Need, m.Resource}] = rowOf[k]
		}
	}
	for i, v := range violations {
		out := ViolationJSON{Code: string(v.Code), ExcessBy: v.ExcessBy, Detail: violationDetail(v)}
		k, paired := first[pair{v.Need, v.Resource}]
		switch {
		case paired:
			out.Pointer = "/matches/" + strconv.Itoa(k)
		case v.Need >= 0:
			out.Pointer = "/needs/" + strconv.Itoa(int(v.Need))
		case v.Resource >= 0:
			out.Pointer = "/resources/" + strconv.Itoa(int(v.Resource))
		case v.Provider >= 0:
			out.Pointer = "/providers/" + strconv.Itoa(int(v.Provider))
		}
		if v.Need >= 0 {
			out.NeedID = &lists.Needs[v.Need].ID
		}
		if v.Resource >= 0 {
			out.ResourceID = &lists.Resources[v.Resource].ID
		}
		if v.Provider >= 0 {
			out.ProviderID = &lists.Providers[v.Provider].ID
		}
		report.Violations[i] = out
	}
	return report
}

// violationDetail says in English which rule is broken. It holds no data of a person.
func violationDetail(v match.Violation) string {
	switch v.Code {
	case match.CodeService:
		return "the resource does not offer the need's service"
	case match.CodeKind:
		return "the need does not accept this kind of resource"
	case match.CodeSkill:
		return "the resource lacks a required qualification"
	case match.CodeLanguage:
		return "the two share no language"
	case match.CodeGender:
		return "the resource is not of the gender asked for"
	case match.CodeMaxDistance:
		return fmt.Sprintf("the resource is %d m farther than the need accepts", v.ExcessBy)
	case match.CodeRadius:
		return fmt.Sprintf("the need is %d m beyond the radius of the resource", v.ExcessBy)
	case match.CodeArea:
		return "the need lies outside the areas of the resource"
	case match.CodePrice:
		return fmt.Sprintf("a unit costs %d minor units more than the need accepts", v.ExcessBy)
	case match.CodeMode:
		return "a venue does not visit"
	case match.CodeReachable:
		return "no way round the barriers leads from one to the other"
	case match.CodeCapacity:
		return fmt.Sprintf("the resource is given %d units more than it, or this service of it, can serve", v.ExcessBy)
	case match.CodeQuota:
		return fmt.Sprintf("the provider is given %d units beyond its quota", v.ExcessBy)
	case match.CodeTime:
		if v.Resource < 0 {
			return "a visit of a need that has a time has no date"
		}
		return fmt.Sprintf("the resource lacks %d minutes of the time that the visit needs", v.ExcessBy)
	case match.CodeAge:
		return "the resource is not of an age asked for, or states none"
	case match.CodeCarers:
		return fmt.Sprintf("the resource has %d members fewer than are needed at once", v.ExcessBy)
	case match.CodeForbidden:
		return "the pairing is forbidden or declined"
	case match.CodeLocking:
		return fmt.Sprintf("a pinned pairing is not kept: it lacks %d units", v.ExcessBy)
	case match.CodeBudget:
		return fmt.Sprintf("the provider pays %d minor units of money beyond its budget", v.ExcessBy)
	case match.CodeHours:
		return fmt.Sprintf("the resource is given %d minutes more than it has", v.ExcessBy)
	case match.CodeMinimum:
		return fmt.Sprintf("the resource is given %d units fewer than it opens with", v.ExcessBy)
	case match.CodeEvent:
		return "the stop opens beyond the days of its event, or beside another on the same date"
	case match.CodeApart:
		return fmt.Sprintf("two visits of the need lie %d days too close together", v.ExcessBy)
	case match.CodeDistinct:
		return fmt.Sprintf("the resource serves %d units too many of a need that takes one of each, or one of a session", v.ExcessBy)
	case match.CodeWhole:
		return fmt.Sprintf("the resource serves %d units fewer than all of a need to be served whole", v.ExcessBy)
	case match.CodeUnits:
		return "the need is given more units than it asks for, or more than one on a day of a recurring need, or the pair stands twice"
	}
	return ""
}
