module drawbar.invalid/x509

go 1.26
