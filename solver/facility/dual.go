package facility

import (
	"math"
	"math/bits"
	"slices"
)

// dual maximises the Lagrangean bound of a core, in which every client pays a price to be served, whoever serves it: a site
// earns the prices of the clients that it serves for less, and the sites that earn most open. It is the volume algorithm
// (Barahona and Anbil 2000): steps go along an average of past directions, whose average of open sites comes close to the
// linear relaxation. Prices lie on the grid of the core, so that every bound is exact.
//
// A budget adds one more price, of money: budgetGrid parts of a unit of cost for each unit of money.
type dual struct {
	c      *core
	price  []int64 // the best prices, one for each client
	money  int64   // and that of money
	value  int64   // the bound that they prove
	trial  []int64
	coin   int64
	mean   []float64 // of the directions; the last entry is that of money
	share  []float64 // of the open sites
	slope  []float64 // the direction at the trial prices
	profit []int64   // at the trial prices: what opening a site costs less what it earns
	kept   []int64   // at the best prices
	isOpen []bool
	picked []int32 // the sites that open at the trial prices, of equals any
	queue  []int32
	mint   float64 // a unit of money in the direction counts as this

	step   float64 // the share of what is left to the target that a step aims at
	weight float64 // of the newest direction, at most
	red    int     // steps since the bound last rose
}

const (
	budgetGrid = 20 // bits
	coinLimit  = 1 << 62
)

// newDual starts from prices, clipped to what a client can be worth.
func newDual(c *core, price []int64, money int64) *dual {
	n, m := c.clients(), c.sites()
	d := &dual{
		c: c, price: price, money: money, trial: make([]int64, n), mean: make([]float64, n+1), slope: make([]float64, n+1),
		share: make([]float64, m), profit: make([]int64, m), kept: make([]int64, m), isOpen: make([]bool, m),
		step: 0.5, weight: 0.1,
	}
	if c.price != nil {
		sum := int64(0)
		for _, v := range c.price {
			sum += v
		}
		d.mint = math.Max(1, float64(sum)/float64(max(1, m)))
	}
	for i := range d.price {
		d.trial[i] = d.clip(i, d.price[i])
	}
	d.coin = max(0, money)
	d.value = d.evaluate()
	d.accept(d.value)
	copy(d.mean, d.slope)
	for _, j := range d.picked {
		d.share[j] = 1
	}
	return d
}

// clip keeps a price between the cheapest pair and what the client falls back to.
func (d *dual) clip(i int, v int64) int64 {
	return min(max(v, min(d.c.cost[d.c.start[i]], d.c.fall[i])), d.c.fall[i])
}

// toll returns what money costs at a price, rounded down: the tolls of sites add up to no more than that of their sum.
func toll(coin, money int64) int64 {
	if coin == 0 || money == 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(coin), uint64(money))
	return int64(hi<<(64-budgetGrid) | lo>>budgetGrid)
}

// evaluate returns the bound of the trial prices, and finds the direction in which it rises. It takes time linear in the pairs
// that cost less than the price of their client.
func (d *dual) evaluate() int64 {
	c := d.c
	copy(d.profit, c.fixed)
	value := c.base
	for i, v := range d.trial {
		value += v
		for k := c.start[i]; k < c.start[i+1]; k++ {
			w := c.cost[k] - v
			if w >= 0 {
				break
			}
			d.profit[c.site[k]] += w
		}
	}
	if c.price != nil {
		value -= toll(d.coin, c.money)
		for j := range d.profit {
			d.profit[j] += toll(d.coin, c.price[j])
		}
	}
	d.pick()
	sum := 0.0
	for _, j := range d.picked {
		sum += float64(d.profit[j])
	}
	if math.Abs(sum) > sumLimit {
		value = math.MinInt64 / 2 // prices so high prove nothing
	} else {
		for _, j := range d.picked {
			value += d.profit[j]
		}
	}
	d.direct()
	return value
}

// pick finds the sites that open: the best that pay, as many as there is room for.
func (d *dual) pick() {
	for _, j := range d.picked {
		d.isOpen[j] = false
	}
	d.picked = d.picked[:0]
	for j, v := range d.profit {
		if v < 0 {
			d.picked = append(d.picked, int32(j))
		}
	}
	if room := d.c.room; len(d.picked) > room {
		split(d.picked, d.profit, room)
		d.picked = d.picked[:room]
	}
	for _, j := range d.picked {
		d.isOpen[j] = true
	}
}

// split moves the count sites of least value to the front.
func split(sites []int32, value []int64, count int) {
	low, high := 0, len(sites)
	for high-low > 12 {
		a, b, c := value[sites[low]], value[sites[(low+high)/2]], value[sites[high-1]]
		pivot := max(min(a, b), min(max(a, b), c))
		i, j := low, high-1
		for i <= j {
			for value[sites[i]] < pivot {
				i++
			}
			for value[sites[j]] > pivot {
				j--
			}
			if i <= j {
				sites[i], sites[j] = sites[j], sites[i]
				i++
				j--
			}
		}
		switch {
		case count <= j:
			high = j + 1
		case count >= i:
			low = i
		default:
			return
		}
	}
	part := sites[low:high]
	for i := 1; i < len(part); i++ {
		for k := i; k > 0 && value[part[k]] < value[part[k-1]]; k-- {
			part[k], part[k-1] = part[k-1], part[k]
		}
	}
}

// direct finds the direction at the trial prices: one for each client, less one for each open site that serves it.
func (d *dual) direct() {
	c := d.c
	for i, v := range d.trial {
		served := 1
		for k := c.start[i]; k < c.start[i+1] && c.cost[k] < v; k++ {
			if d.isOpen[c.site[k]] {
				served--
			}
		}
		d.slope[i] = float64(served)
	}
	if c.price != nil {
		spent := -c.money
		for _, j := range d.picked {
			spent += c.price[j]
		}
		d.slope[len(d.slope)-1] = float64(spent) / d.mint
	}
}

// accept makes the trial prices the best.
func (d *dual) accept(value int64) {
	d.value = value
	copy(d.price, d.trial)
	d.money = d.coin
	copy(d.kept, d.profit)
}

// rise makes a step towards a target.
func (d *dual) rise(target int64) {
	norm := 0.0
	n := len(d.price)
	for i, v := range d.mean[:n] {
		if v > 0 && d.price[i] >= d.c.fall[i] || v < 0 && d.price[i] <= d.c.cost[d.c.start[i]] {
			continue
		}
		norm += v * v
	}
	norm += d.mean[n] * d.mean[n]
	length := d.step * (1 + float64(target-d.value)) / math.Max(norm, 1e-9)
	for i, v := range d.price {
		d.trial[i] = d.clip(i, v+int64(math.Round(math.Max(-sumLimit, math.Min(sumLimit, length*d.mean[i])))))
	}
	if d.c.price != nil {
		move := length * d.mean[n] / d.mint * (1 << budgetGrid)
		d.coin = int64(math.Max(0, math.Min(d.coinMost(), float64(d.money)+move)))
	}
	value := d.evaluate()
	d.average()
	if value <= d.value {
		if d.red++; d.red%10 == 0 {
			d.step = math.Max(d.step*0.7, 1e-4)
			if d.red%40 == 0 {
				d.weight = math.Max(d.weight/2, 0.005)
			}
		}
		return
	}
	dot := 0.0
	for i, v := range d.slope {
		dot += v * d.mean[i]
	}
	if dot > 0 {
		d.step = math.Min(d.step*1.1, 1.5)
	}
	d.red = 0
	d.accept(value)
}

// coinMost keeps tolls from overflowing.
func (d *dual) coinMost() float64 {
	most := d.c.money
	for _, v := range d.c.price {
		most = max(most, v)
	}
	return sumLimit / float64(max(1, most)) / float64(1+len(d.c.price)) * (1 << budgetGrid)
}

// average mixes the newest direction in, with the weight that makes the average shortest.
func (d *dual) average() {
	aa, ab, bb := 0.0, 0.0, 0.0
	for i, v := range d.slope {
		m := d.mean[i]
		aa += v * v
		ab += v * m
		bb += m * m
	}
	weight := d.weight
	if den := aa - 2*ab + bb; den > 0 {
		weight = math.Max(d.weight/10, math.Min(d.weight, (bb-ab)/den))
	}
	for i, v := range d.slope {
		d.mean[i] += weight * (v - d.mean[i])
	}
	for j := range d.share {
		d.share[j] *= 1 - weight
	}
	for _, j := range d.picked {
		d.share[j] += weight
	}
}

// decide returns what is known of sites: those whose opening, or whose staying shut, would lift the best bound over the limit,
// with how many they are.
func (d *dual) decide(limit int64) (decided []choice, count int) {
	decided = make([]choice, len(d.kept))
	in, out := d.margins()
	for j, v := range d.kept {
		switch {
		case v < 0 && v <= in && d.value-v+out > limit:
			decided[j] = opened
			count++
		case d.value+d.force(v, in) > limit:
			decided[j] = shut
			count++
		}
	}
	return decided, count
}

// force returns what the bound rises by if a site of a given profit must open.
func (d *dual) force(v, in int64) int64 {
	if v < in {
		return 0
	}
	return v - min(in, 0)
}

// margins returns the profit below which sites open at the best prices, and what the next site to open would bring. With room
// to spare both are 0.
func (d *dual) margins() (in, out int64) {
	d.queue = d.queue[:0]
	for j, v := range d.kept {
		if v < 0 {
			d.queue = append(d.queue, int32(j))
		}
	}
	room := d.c.room
	if len(d.queue) < room {
		return 0, 0
	}
	slices.SortFunc(d.queue, func(a, b int32) int {
		switch {
		case d.kept[a] < d.kept[b]:
			return -1
		case d.kept[a] > d.kept[b]:
			return 1
		}
		return int(a - b)
	})
	if len(d.queue) > room {
		out = d.kept[d.queue[room]]
	}
	return d.kept[d.queue[room-1]], out
}
