// Package datasets reads and writes every file format of Courtyard: the lists of a neighbourhood as CSV or JSON, the
// request and the answer of a match, GeoJSON barriers, and public instances in the formats of their authors.
//
// # Lists and requests
//
//   - [ReadLists] and [ListFiles.Open] read the CSV lists (UTF-8 or GBK); [ReadRequest] and [OpenRequest] read the JSON
//     object of the API and of list files into a [MatchRequest]; [ReadBarriers] and [MatchRequest.OpenBarriers] read a
//     GeoJSON of polygons.
//   - [OpenPlan] reads a plan made elsewhere, CSV or JSON, for [Review]; [OpenPrevious] an earlier answer, whose pairs
//     [MatchRequest.Keep] makes last.
//   - [NewRequest] makes the request of given lists with every option at its default; [MatchRequest.SetFrom] and its like
//     set options by the words of flags and requests.
//   - [MatchRequest.Validate] reports every fault that the readers cannot see (unknown services, duplicate ids,
//     coordinates out of range), and [Origin.Explain] turns their JSON Pointers into file, row and column.
//   - [WriteNeedsCSV] and its like for each list, and [WriteListsJSON], write lists that read back exactly as they were.
//
// Readers refuse what cannot be read (syntax, types, unknown columns) and fill the defaults; what a list means is
// checked once, by [care.Lists.Validate] and [match.Problem.Validate]. A reader's error is a [*FileError] (CSV: file,
// row, column and value), a [*solver.Invalid] (JSON: a pointer for each fault, all at once), a [*Malformed] (not JSON at
// all, or cut short) or a [*LimitError] (more than [Limits] allow). Memory stays within a small factor of the useful
// content, whatever the bytes.
//
// # Answers
//
//   - [NewMatchAnswer] turns a solution into the [MatchAnswer] that `courtyard match --json` prints and the API returns;
//     [MatchAnswer.WriteJSON], [MatchAnswer.WriteCSV] and [WriteMatchGeoJSON] write it.
//   - [Review] scores a plan made elsewhere and gives the [CheckReport].
//
// # Public instances
//
// [OpenInstance] opens a plain or gzipped file, told apart by content, within limits; [ReadMin] reads a DIMACS minimum
// cost flow network, and [NewNetworkReader] yields the base network of a DIMACS file and then the network after each
// block of changes. [Network.WriteSolution] writes a flow in the file's ids.
package datasets
