module github.com/courtyard-care/courtyard

go 1.26
