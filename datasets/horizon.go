package datasets

import (
	"errors"
	"fmt"
	"time"
	_ "time/tzdata" // the same zones on every machine, whether it has the files or not

	"github.com/courtyard-care/courtyard/solver/care"
)

// Defaults of the horizon.
const (
	DefaultDays     = 7
	DefaultTimezone = "Asia/Shanghai"
)

// horizon holds the options of the horizon as stated.
type horizon struct {
	from care.Date      // 0: no horizon
	days int32          // 0: DefaultDays
	zone *time.Location // nil: DefaultTimezone
}

// SetFrom sets the first day planned, such as 2026-12-01.
func (r *MatchRequest) SetFrom(date string) error {
	d, err := care.ParseDate(date)
	if err == nil {
		r.horizon.from = d
		r.setHorizon()
	}
	return err
}

// SetDays sets how many days are planned.
func (r *MatchRequest) SetDays(days int64) error {
	if days < 1 || days > care.MaxDays {
		return fmt.Errorf("must be a whole number from 1 to %d", care.MaxDays)
	}
	r.horizon.days = int32(days)
	r.setHorizon()
	return nil
}

// SetTimezone sets the zone of all windows by its IANA name.
func (r *MatchRequest) SetTimezone(name string) error {
	zone, err := timezone(name)
	if err == nil {
		r.horizon.zone = zone
		r.setHorizon()
	}
	return err
}

// setHorizon fills in the defaults. Without a first day there is no horizon, whatever else is stated.
func (r *MatchRequest) setHorizon() {
	h, p := r.horizon, &r.Problem
	if h.from == 0 {
		return
	}
	p.Horizon = care.Horizon{From: h.from, Days: h.days}
	if h.days == 0 {
		p.Horizon.Days = DefaultDays
	}
	if p.Zone = h.zone; p.Zone == nil {
		zone, err := timezone(DefaultTimezone)
		if err != nil {
			panic("datasets: the default zone is missing from the zones linked in")
		}
		p.Zone = zone
	}
}

// timezone loads a zone by its IANA name. Offsets and the zone of this machine are no names.
func timezone(name string) (*time.Location, error) {
	errUnknown := errors.New("must be the IANA name of a time zone, such as " + DefaultTimezone)
	if name == "" || name == "Local" || len(name) > 64 {
		return nil, errUnknown
	}
	zone, err := time.LoadLocation(name)
	if err != nil { // the error names files of this machine
		return nil, errUnknown
	}
	return zone, nil
}
