module drawbar.invalid/netrpc

go 1.26
