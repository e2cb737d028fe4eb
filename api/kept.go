package api

import (
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"time"

	"github.com/jellydator/ttlcache/v3"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver/match"
)

// keptMatch is a finished match that the server remembers, so that later requests name it instead of sending its lists
// again.
type keptMatch struct {
	owner    owner
	request  *datasets.MatchRequest
	solution *match.Solution
	finished *match.Finished // the match open for questions; nil where it could not be opened in time
	bytes    int64           // of the body that brought the lists
}

// owner is the digest of the API key of whoever made a match; zero on a server without keys.
type owner [sha256.Size]byte

// keeper remembers finished matches in memory, and nowhere else. It holds at most so many, of at most so many bytes of lists
// together, each for at most so long after it was last asked for; the one asked for longest ago goes first.
type keeper struct {
	cache *ttlcache.Cache[string, *keptMatch]
	most  int64 // bytes
}

// newKeeper returns a keeper for the limits of cfg.
func newKeeper(cfg *Config) keeper {
	if cfg.KeepMatches < 0 {
		return keeper{}
	}
	return keeper{
		cache: ttlcache.New(
			ttlcache.WithCapacity[string, *keptMatch](uint64(cfg.KeepMatches)),
			ttlcache.WithTTL[string, *keptMatch](cfg.KeepTime),
			ttlcache.WithMaxCost(uint64(cfg.KeepBytes), func(item ttlcache.CostItem[string, *keptMatch]) uint64 { return uint64(item.Value.bytes) }),
		),
		most: cfg.KeepBytes,
	}
}

// refuse says why a match with so many bytes of lists cannot be kept, nil if it can.
func (k keeper) refuse(bytes int64) *Problem {
	switch {
	case k.cache == nil:
		return newProblem(http.StatusUnprocessableEntity, "This server keeps no matches.").
			withFault("/keep", "invalid", "leave it out, and send the lists with each request")
	case bytes > k.most:
		return newProblem(http.StatusUnprocessableEntity, "The lists are larger than what this server keeps.").
			withFault("/keep", "too_large", "leave it out, and send the lists with each request")
	}
	return nil
}

// keep remembers m and returns the id that recalls it: 128 random bits or more, which nobody guesses.
func (k keeper) keep(m *keptMatch) string {
	id := rand.Text()
	k.cache.DeleteExpired()
	k.cache.Set(id, m, ttlcache.DefaultTTL)
	return id
}

// recall returns the match with this id. An id that was never given, one that has expired and one of another key are the
// same to whoever asks.
func (k keeper) recall(by owner, id, pointer string) (*keptMatch, *Problem) {
	if k.cache != nil {
		if item := k.cache.Get(id); item != nil && item.Value().owner == by {
			return item.Value(), nil
		}
	}
	return nil, newProblem(http.StatusNotFound, "No match of this id is kept: it has expired, or it was never kept here. Match again, with keep.").
		withFault(pointer, "unknown", "no such match")
}

// kept returns how many matches are remembered, and how many were forgotten so far.
func (k keeper) kept() (now int, forgotten uint64) {
	if k.cache == nil {
		return 0, 0
	}
	return k.cache.Len(), k.cache.Metrics().Evictions
}

// forgetExpired deletes what has expired, as often as every says but not all the time, until done is closed: lists are about
// people, and should not stay in memory because nobody asked.
func (k keeper) forgetExpired(every time.Duration, done <-chan struct{}) {
	if k.cache == nil {
		return
	}
	tick := time.NewTicker(max(every, 50*time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			k.cache.DeleteExpired()
		case <-done:
			return
		}
	}
}
