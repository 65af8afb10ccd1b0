package conformance

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// plotView shows the instructions of each case, a row for each family, on a
// logarithmic axis. Places are in percent of the width.
type (
	plotView struct {
		Rows  []plotRow
		Ticks []tick
	}
	plotRow struct {
		Name   string
		Median string
		At     string // of the median
		Dots   []dot
	}
	dot struct {
		At    string
		Shift int // down from the row's middle, in steps
		Class string
		Title string
		Link  string
	}
	tick struct{ At, Label string }
)

func (r *Report) plot() plotView {
	type point struct {
		n     uint64
		index int
	}
	points := map[string][]point{}
	least, most := uint64(math.MaxUint64), uint64(0)
	for k := range r.Cases {
		for i := range r.Cases[k].Results {
			if n := r.Cases[k].Results[i].Instructions; n > 0 {
				points[r.Cases[k].Family] = append(points[r.Cases[k].Family], point{n, k})
				least, most = min(least, n), max(most, n)
			}
		}
	}
	if most == 0 {
		return plotView{}
	}
	scale := newScale(least, most)
	v := plotView{Ticks: scale.ticks()}
	for _, f := range r.families() {
		list := points[f.Name]
		if len(list) == 0 {
			continue
		}
		slices.SortStableFunc(list, func(a, b point) int { return compareUint(a.n, b.n) })
		median := list[len(list)/2].n
		row := plotRow{Name: f.Name, Median: short(float64(median)), At: scale.at(median)}
		for k, p := range list {
			c := &r.Cases[p.index]
			row.Dots = append(row.Dots, dot{
				At: scale.at(p.n), Shift: []int{0, -1, 1}[k%3], Class: worst(c),
				Title: fmt.Sprintf("%s: %s instructions", c.ID(), thousands(p.n)), Link: "#" + anchor(p.index),
			})
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

func compareUint(a, b uint64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// worst is the class of the canister's verdict: that of the runtime that counts
// instructions.
func worst(c *CaseResults) string {
	for i := range c.Results {
		if c.Results[i].Instructions > 0 {
			return marks[c.Results[i].Status].class
		}
	}
	return marks[Passed].class
}

// scale is a logarithmic axis between two powers of ten.
type scale struct{ low, high float64 }

func newScale(least, most uint64) scale {
	low := math.Floor(math.Log10(float64(least)))
	return scale{low, max(low+1, math.Ceil(math.Log10(float64(most))))}
}

func (s scale) at(n uint64) string { return s.place(math.Log10(float64(n))) }

func (s scale) place(log float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.2f", 100*(log-s.low)/(s.high-s.low)), ".00")
}

func (s scale) ticks() []tick {
	var list []tick
	for e := s.low; e <= s.high; e++ {
		list = append(list, tick{s.place(e), short(math.Pow(10, e))})
	}
	return list
}
