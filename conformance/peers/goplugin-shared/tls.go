package main

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
)

// Mutual TLS with the certificates of the folder -tls, for either side; nil without one.
func (o options) tlsConfig() *tls.Config {
	if o.tls == "" {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(filepath.Join(o.tls, "cert.pem"), filepath.Join(o.tls, "key.pem"))
	if err != nil {
		fail("bad -tls: %v", err)
	}
	pem, err := os.ReadFile(filepath.Join(o.tls, "ca.pem"))
	if err != nil {
		fail("bad -tls: %v", err)
	}
	trusted := x509.NewCertPool()
	if !trusted.AppendCertsFromPEM(pem) {
		fail("bad -tls: no certificate in ca.pem")
	}
	return &tls.Config{
		Certificates: []tls.Certificate{pair},
		RootCAs:      trusted,
		ClientCAs:    trusted,
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ServerName:   "localhost",
		MinVersion:   tls.VersionTLS12,
	}
}
