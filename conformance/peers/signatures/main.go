// Signs, verifies and digests as Go programs do: with the OpenPGP package that Terraform uses, with a Go
// implementation of minisign, and with the dirhash package of the Go command, which Terraform's lock files follow.
//
//	signatures openpgp-key NAME PUBLIC SECRET     writes a pair of armoured keys
//	signatures openpgp-sign SECRET FILE SIGNATURE
//	signatures openpgp-verify PUBLIC FILE SIGNATURE
//	signatures minisign-key PUBLIC SECRET PASSPHRASE
//	signatures minisign-sign SECRET PASSPHRASE FILE SIGNATURE
//	signatures minisign-verify PUBLIC FILE SIGNATURE
//	signatures h1 FOLDER-OR-ZIP
package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"strings"

	"aead.dev/minisign"
	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"golang.org/x/mod/sumdb/dirhash"
)

func main() {
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(command string, args []string) error {
	switch command {
	case "openpgp-key":
		return openPGPKey(args[0], args[1], args[2])
	case "openpgp-sign":
		return openPGPSign(args[0], args[1], args[2])
	case "openpgp-verify":
		return openPGPVerify(args[0], args[1], args[2])
	case "minisign-key":
		return minisignKey(args[0], args[1], args[2])
	case "minisign-sign":
		return minisignSign(args[0], args[1], args[2], args[3])
	case "minisign-verify":
		return minisignVerify(args[0], args[1], args[2])
	case "h1":
		return h1(args[0])
	}
	return fmt.Errorf("unknown command %q", command)
}

func openPGPKey(name, publicFile, secretFile string) error {
	entity, err := openpgp.NewEntity(name, "", name+"@example.com", nil)
	if err != nil {
		return err
	}
	secret, err := os.Create(secretFile)
	if err != nil {
		return err
	}
	defer secret.Close()
	writer, err := armor.Encode(secret, openpgp.PrivateKeyType, nil)
	if err != nil {
		return err
	}
	if err := entity.SerializePrivate(writer, nil); err != nil {
		return err
	}
	if err := writer.Close(); err != nil {
		return err
	}
	public, err := os.Create(publicFile)
	if err != nil {
		return err
	}
	defer public.Close()
	writer, err = armor.Encode(public, openpgp.PublicKeyType, nil)
	if err != nil {
		return err
	}
	if err := entity.Serialize(writer); err != nil {
		return err
	}
	return writer.Close()
}

func readKeys(file string) (openpgp.EntityList, error) {
	opened, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	return openpgp.ReadArmoredKeyRing(opened)
}

func openPGPSign(secretFile, file, signatureFile string) error {
	keys, err := readKeys(secretFile)
	if err != nil {
		return err
	}
	message, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var signature bytes.Buffer
	if err := openpgp.DetachSign(&signature, keys[0], bytes.NewReader(message), nil); err != nil {
		return err
	}
	return os.WriteFile(signatureFile, signature.Bytes(), 0o600)
}

func openPGPVerify(publicFile, file, signatureFile string) error {
	keys, err := readKeys(publicFile)
	if err != nil {
		return err
	}
	message, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	signature, err := os.ReadFile(signatureFile)
	if err != nil {
		return err
	}
	_, err = openpgp.CheckDetachedSignature(keys, bytes.NewReader(message), bytes.NewReader(signature), nil)
	return err
}

func minisignKey(publicFile, secretFile, passphrase string) error {
	public, secret, err := minisign.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	text, err := minisign.EncryptKey(passphrase, secret)
	if err != nil {
		return err
	}
	if err := os.WriteFile(secretFile, text, 0o600); err != nil {
		return err
	}
	publicText, err := public.MarshalText()
	if err != nil {
		return err
	}
	return os.WriteFile(publicFile, publicText, 0o644)
}

func minisignSign(secretFile, passphrase, file, signatureFile string) error {
	secret, err := minisign.PrivateKeyFromFile(passphrase, secretFile)
	if err != nil {
		return err
	}
	message, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return os.WriteFile(signatureFile, minisign.Sign(secret, message), 0o644)
}

func minisignVerify(publicFile, file, signatureFile string) error {
	public, err := minisign.PublicKeyFromFile(publicFile)
	if err != nil {
		return err
	}
	message, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	signature, err := os.ReadFile(signatureFile)
	if err != nil {
		return err
	}
	if !minisign.Verify(public, message, signature) {
		return fmt.Errorf("minisign: the signature is wrong")
	}
	return nil
}

func h1(path string) error {
	hash := func() (string, error) { return dirhash.HashDir(path, "", dirhash.Hash1) }
	if strings.HasSuffix(path, ".zip") {
		hash = func() (string, error) { return dirhash.HashZip(path, dirhash.Hash1) }
	}
	digest, err := hash()
	if err != nil {
		return err
	}
	fmt.Println(digest)
	return nil
}
