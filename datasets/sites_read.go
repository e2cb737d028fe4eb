package datasets

import "io"

// ReadMedian reads an instance of the p-median, p-center and set covering kind, told apart by content:
//
//   - OR-Library pmed: a graph, "n m p" and m lines "i j cost"; distances are those along shortest paths.
//   - TSPLIB: points in the plane.
//   - CSV, long: distance,name,DestinationName,demand (a site, a customer, its weight), or demand,site,cost[,weight] (a customer,
//     a site); a pair that is absent cannot serve. Customers and sites are numbered by first appearance.
//   - CSV, wide: a row for each customer, which the first column names, and a column for each site.
//
// Faults of a table are a [*FileError] with all of them, of other forms an [*InstanceError], the first one only. Memory: a
// few times the size of a table, 8 n² bytes for a graph of n nodes (at most 10,000), two numbers for each point.
func ReadMedian(r io.Reader) (*Siting, error) {
	t, err := sniff(r, formMedianGraph+"; or a TSPLIB problem; or a table: "+formTables)
	switch {
	case err != nil:
		return nil, err
	case t.tsplib():
		return readTSPLIB(t.lines())
	case t.table():
		return readSitesTable(t)
	}
	return readGraph(t.lines(), false)
}

// ReadCovering reads an instance of the maximal covering kind, told apart by content:
//
//   - BDS: "m n", then sites "F id x y cost" and customers "C id x y demand", in the plane.
//   - SJC and Maximo: a header that begins with n, then n lines "x y demand"; latitude, longitude and demand where all the numbers
//     may be and not all are whole.
//   - Random graphs: a header "n m …", then m lines "i j distance demand"; the demand of node k stands on line k of them.
//   - The tables and the TSPLIB points of [ReadMedian].
//
// Faults and memory are those of [ReadMedian].
func ReadCovering(r io.Reader) (*Siting, error) {
	t, err := sniff(r, formBDS+"; or "+formNodes+"; or "+formRandomGraph+"; or a table: "+formTables)
	switch {
	case err != nil:
		return nil, err
	case t.tsplib():
		return readTSPLIB(t.lines())
	case t.table():
		return readSitesTable(t)
	case len(t.second) > 0 && (string(t.second[0]) == "F" || string(t.second[0]) == "C"):
		return readBDS(t.lines())
	case len(t.second) == 4:
		return readGraph(t.lines(), true)
	}
	return readNodes(t.lines())
}
