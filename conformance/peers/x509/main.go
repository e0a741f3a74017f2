// Command x509 does with Go's crypto/x509 what a test asks for: one JSON request a line on standard
// input, one JSON answer a line on standard output. See the request type for what can be asked.
package main

import (
	"bufio"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"os"
	"time"
)

type request struct {
	// Op is parse, parse-request, parse-key, create, create-request or verify.
	Op string `json:"op"`
	// DER is what to parse; []byte crosses as base64.
	DER []byte `json:"der"`
	// Key is a PKCS#8, SEC1 or PKCS#1 private key in PEM: the signer of create and create-request.
	Key string `json:"key"`
	// Parent and PublicKey are certificates or SPKI in DER; without a parent the result is self-signed.
	Parent    []byte   `json:"parent"`
	PublicKey []byte   `json:"publicKey"`
	Template  template `json:"template"`

	Leaf          []byte   `json:"leaf"`
	Intermediates [][]byte `json:"intermediates"`
	Anchors       [][]byte `json:"anchors"`
	AtSeconds     int64    `json:"atSeconds"`
	ClientAuth    bool     `json:"clientAuth"`
}

type template struct {
	CommonName   string   `json:"commonName"`
	Organization string   `json:"organization"`
	Serial       string   `json:"serial"`
	NotBefore    int64    `json:"notBefore"`
	NotAfter     int64    `json:"notAfter"`
	Constraints  bool     `json:"constraints"`
	IsCA         bool     `json:"isCa"`
	PathLength   *int     `json:"pathLength"`
	KeyUsage     int      `json:"keyUsage"`
	ClientServer bool     `json:"clientServer"`
	URIs         []string `json:"uris"`
	DNSNames     []string `json:"dnsNames"`
	IPs          []string `json:"ips"`
	Emails       []string `json:"emails"`
	SubjectKeyID []byte   `json:"subjectKeyId"`
	AuthorityID  []byte   `json:"authorityKeyId"`
}

type answer struct {
	Error string `json:"error,omitempty"`
	DER   []byte `json:"der,omitempty"`

	Version      int      `json:"version,omitempty"`
	Serial       string   `json:"serial,omitempty"`
	CommonName   string   `json:"commonName"`
	NotBefore    int64    `json:"notBefore,omitempty"`
	NotAfter     int64    `json:"notAfter,omitempty"`
	IsCA         bool     `json:"isCa"`
	MaxPathLen   int      `json:"maxPathLen"`
	KeyUsage     int      `json:"keyUsage"`
	URIs         []string `json:"uris"`
	DNSNames     []string `json:"dnsNames"`
	IPs          []string `json:"ips"`
	Emails       []string `json:"emails"`
	SubjectKeyID []byte   `json:"subjectKeyId"`
	AuthorityID  []byte   `json:"authorityKeyId"`
	Unhandled    []string `json:"unhandled"`
	Signature    string   `json:"signature"`
	SPKI         []byte   `json:"spki"`
	ChainLength  int      `json:"chainLength,omitempty"`
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var req request
		if err := json.Unmarshal(line, &req); err != nil {
			fmt.Fprintln(os.Stderr, "x509:", err)
			os.Exit(1)
		}
		ans, err := handle(&req)
		if err != nil {
			ans = &answer{Error: err.Error()}
		}
		if err := out.Encode(ans); err != nil {
			return
		}
	}
}

func handle(req *request) (*answer, error) {
	switch req.Op {
	case "parse":
		cert, err := x509.ParseCertificate(req.DER)
		if err != nil {
			return nil, err
		}
		return describe(cert), nil
	case "parse-request":
		return parseRequest(req.DER)
	case "parse-key":
		key, err := parseKey(req.Key)
		if err != nil {
			return nil, err
		}
		spki, err := x509.MarshalPKIXPublicKey(key.Public())
		return &answer{SPKI: spki}, err
	case "create":
		return create(req)
	case "create-request":
		return createRequest(req)
	case "verify":
		return verify(req)
	}
	return nil, fmt.Errorf("unknown op %q", req.Op)
}

func describe(c *x509.Certificate) *answer {
	ans := &answer{
		Version: c.Version, Serial: c.SerialNumber.String(), CommonName: c.Subject.CommonName,
		NotBefore: c.NotBefore.Unix(), NotAfter: c.NotAfter.Unix(),
		IsCA: c.IsCA, MaxPathLen: c.MaxPathLen, KeyUsage: int(c.KeyUsage),
		DNSNames: c.DNSNames, Emails: c.EmailAddresses,
		SubjectKeyID: c.SubjectKeyId, AuthorityID: c.AuthorityKeyId,
		Signature: c.SignatureAlgorithm.String(), SPKI: c.RawSubjectPublicKeyInfo,
	}
	ans.addNames(c.URIs, c.IPAddresses)
	for _, id := range c.UnhandledCriticalExtensions {
		ans.Unhandled = append(ans.Unhandled, id.String())
	}
	return ans
}

func (ans *answer) addNames(uris []*url.URL, ips []net.IP) {
	for _, u := range uris {
		ans.URIs = append(ans.URIs, u.String())
	}
	for _, ip := range ips {
		ans.IPs = append(ans.IPs, ip.String())
	}
}

func parseRequest(der []byte) (*answer, error) {
	csr, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return nil, err
	}
	if err := csr.CheckSignature(); err != nil {
		return nil, err
	}
	ans := &answer{
		CommonName: csr.Subject.CommonName, DNSNames: csr.DNSNames, Emails: csr.EmailAddresses,
		Signature: csr.SignatureAlgorithm.String(), SPKI: csr.RawSubjectPublicKeyInfo,
	}
	ans.addNames(csr.URIs, csr.IPAddresses)
	return ans, nil
}

func parseKey(text string) (crypto.Signer, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("no PEM block")
	}
	switch block.Type {
	case "EC PRIVATE KEY":
		return signer(x509.ParseECPrivateKey(block.Bytes))
	case "RSA PRIVATE KEY":
		return signer(x509.ParsePKCS1PrivateKey(block.Bytes))
	case "PRIVATE KEY":
		return signer(x509.ParsePKCS8PrivateKey(block.Bytes))
	}
	return nil, fmt.Errorf("unknown PEM block type %q", block.Type)
}

func signer[K any](key K, err error) (crypto.Signer, error) {
	if err != nil {
		return nil, err
	}
	s, ok := any(key).(crypto.Signer)
	if !ok {
		return nil, errors.New("key cannot sign")
	}
	return s, nil
}

func create(req *request) (*answer, error) {
	key, err := parseKey(req.Key)
	if err != nil {
		return nil, err
	}
	tmpl, err := req.Template.certificate()
	if err != nil {
		return nil, err
	}
	parent, pub := tmpl, any(key.Public())
	if req.Parent != nil {
		if parent, err = x509.ParseCertificate(req.Parent); err != nil {
			return nil, err
		}
		if pub, err = x509.ParsePKIXPublicKey(req.PublicKey); err != nil {
			return nil, err
		}
	}
	der, err := x509.CreateCertificate(nil, tmpl, parent, pub, key)
	return &answer{DER: der}, err
}

func (t *template) certificate() (*x509.Certificate, error) {
	serial, ok := new(big.Int).SetString(t.Serial, 10)
	if !ok {
		return nil, errors.New("bad serial")
	}
	cert := &x509.Certificate{
		SerialNumber: serial, Subject: t.name(),
		NotBefore: time.Unix(t.NotBefore, 0), NotAfter: time.Unix(t.NotAfter, 0),
		BasicConstraintsValid: t.Constraints, IsCA: t.IsCA, MaxPathLen: -1,
		KeyUsage: x509.KeyUsage(t.KeyUsage),
		DNSNames: t.DNSNames, EmailAddresses: t.Emails, IPAddresses: t.addresses(),
		SubjectKeyId: t.SubjectKeyID, AuthorityKeyId: t.AuthorityID,
	}
	if t.PathLength != nil {
		cert.MaxPathLen, cert.MaxPathLenZero = *t.PathLength, *t.PathLength == 0
	}
	if t.ClientServer {
		cert.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}
	}
	var err error
	cert.URIs, err = t.urls()
	return cert, err
}

func (t *template) name() pkix.Name {
	name := pkix.Name{CommonName: t.CommonName}
	if t.Organization != "" {
		name.Organization = []string{t.Organization}
	}
	return name
}

func (t *template) addresses() (ips []net.IP) {
	for _, ip := range t.IPs {
		ips = append(ips, net.ParseIP(ip))
	}
	return ips
}

func (t *template) urls() (uris []*url.URL, err error) {
	for _, text := range t.URIs {
		uri, err := url.Parse(text)
		if err != nil {
			return nil, err
		}
		uris = append(uris, uri)
	}
	return uris, nil
}

func createRequest(req *request) (*answer, error) {
	key, err := parseKey(req.Key)
	if err != nil {
		return nil, err
	}
	t := &req.Template
	uris, err := t.urls()
	if err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificateRequest(nil, &x509.CertificateRequest{
		Subject: t.name(), DNSNames: t.DNSNames, EmailAddresses: t.Emails,
		IPAddresses: t.addresses(), URIs: uris,
	}, key)
	return &answer{DER: der}, err
}

func verify(req *request) (*answer, error) {
	leaf, err := x509.ParseCertificate(req.Leaf)
	if err != nil {
		return nil, err
	}
	opts := x509.VerifyOptions{
		Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(),
		CurrentTime: time.Unix(req.AtSeconds, 0),
		KeyUsages:   []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	}
	if req.ClientAuth {
		opts.KeyUsages = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}
	for pool, ders := range map[*x509.CertPool][][]byte{opts.Roots: req.Anchors, opts.Intermediates: req.Intermediates} {
		for _, der := range ders {
			cert, err := x509.ParseCertificate(der)
			if err != nil {
				return nil, err
			}
			pool.AddCert(cert)
		}
	}
	chains, err := leaf.Verify(opts)
	if err != nil {
		return nil, err
	}
	return &answer{ChainLength: len(chains[0])}, nil
}
