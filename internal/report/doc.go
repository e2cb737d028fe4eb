// Package report is what people see of an answer: the words in Chinese and English, the table of a match for a terminal
// ([Table]), its static map as PNG or SVG ([Map]), and all of it as one page ([Page]).
//
// A map is drawn once as a list of shapes and written by two small encoders, so PNG and SVG are the same drawing. Text is
// drawn as outlines from embedded subsets of Noto Sans SC (SIL Open Font License 1.1, fonts/OFL.txt): a map looks the
// same on a machine without fonts. The package holds no clock and no file: callers give writers, and the same answer
// gives the same bytes. A page is HTML with its charts as SVG whose text is text, in the reader's own fonts, so that it can
// be searched, read aloud and turned dark; it shows the map without the words around it.
package report
