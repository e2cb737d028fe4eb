// Package report is what people see of an answer: the words in Chinese and English, the table of a match for a terminal
// ([Table]), and its static map as PNG or SVG ([Map]).
//
// A map is drawn once as a list of shapes and written by two small encoders, so PNG and SVG are the same drawing. Text is
// drawn as outlines from embedded subsets of Noto Sans SC (SIL Open Font License 1.1, fonts/OFL.txt): a map looks the
// same on a machine without fonts. The package holds no clock and no file: callers give writers, and the same answer
// gives the same bytes.
package report
