module drawbar.invalid/gob

go 1.26
