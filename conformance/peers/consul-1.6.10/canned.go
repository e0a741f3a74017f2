package main

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
)

// canned answers with what it was asked, so that a host's test can see what crossed the wire. Once
// configured with {"fail": true}, every method fails with "hello world".
type canned struct {
	fail       bool
	configured string
}

func (c *canned) Configure(clusterID string, isRoot bool, raw map[string]interface{}) error {
	c.fail, _ = raw["fail"].(bool)
	if c.fail {
		return errors.New("hello world")
	}
	text, err := json.Marshal(map[string]interface{}{"cluster_id": clusterID, "is_root": isRoot, "config": raw})
	c.configured = string(text)
	return err
}

func (c *canned) answer(text string) (string, error) {
	if c.fail {
		return "", errors.New("hello world")
	}
	return text, nil
}

func (c *canned) done() error {
	_, err := c.answer("")
	return err
}

func (c *canned) GenerateRoot() error                      { return c.done() }
func (c *canned) ActiveRoot() (string, error)              { return c.answer(c.configured) }
func (c *canned) GenerateIntermediateCSR() (string, error) { return c.answer("csr") }
func (c *canned) SetIntermediate(intermediatePEM, rootPEM string) error {
	c.configured = intermediatePEM + "|" + rootPEM
	return c.done()
}
func (c *canned) ActiveIntermediate() (string, error)   { return c.answer("intermediate") }
func (c *canned) GenerateIntermediate() (string, error) { return c.answer("new intermediate") }

func (c *canned) Sign(csr *x509.CertificateRequest) (string, error) {
	if err := csr.CheckSignature(); err != nil {
		return "", err
	}
	return c.answer(base64.StdEncoding.EncodeToString(csr.Raw))
}

func (c *canned) SignIntermediate(csr *x509.CertificateRequest) (string, error) { return c.Sign(csr) }

func (c *canned) CrossSignCA(cert *x509.Certificate) (string, error) {
	return c.answer(base64.StdEncoding.EncodeToString(cert.Raw))
}

func (c *canned) Cleanup() error { return c.done() }
