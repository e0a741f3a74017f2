/**
 * Keys and signatures made by GnuPG 2.2.40, with:
 *
 *   export GNUPGHOME=$PWD/home; mkdir -m 700 home
 *   G="gpg --batch --quiet --no-tty --pinentry-mode loopback --passphrase= --faked-system-time 20250101T120000!"
 *   printf '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824  demo_1.0.0_linux_amd64.zip\n' > SHA256SUMS
 *   $G --quick-generate-key "Demo <demo@example.com>" ed25519 cert 0
 *   F=$($G --list-keys --with-colons demo | awk -F: '/^fpr/{print $10; exit}')
 *   $G --quick-add-key $F ed25519 sign 0
 *   $G --quick-generate-key "Old <old@example.com>" rsa2048 sign 1y
 *   $G --quick-generate-key "Gone <gone@example.com>" ed25519 sign 0
 *   $G --quick-generate-key "Other <other@example.com>" ed25519 sign 0
 *   for k in demo old gone other; do $G -u $k --detach-sign -o $k.sig SHA256SUMS; done
 *   $G -u demo --armor --detach-sign -o demo.asc SHA256SUMS
 *   $G -u demo --default-sig-expire 30d --detach-sign -o short.sig SHA256SUMS
 *   $G -u old --digest-algo SHA1 --detach-sign -o weak.sig SHA256SUMS
 *   $G -u demo --textmode --detach-sign -o text.sig SHA256SUMS
 *   gpg --batch --quiet --no-tty --pinentry-mode loopback --passphrase= --faked-system-time 20300101T120000! -u demo --detach-sign -o future.sig SHA256SUMS
 *   for k in demo old other; do $G --export $k > $k.pub; $G --armor --export $k > $k.pub.asc; done
 *   $G --export gone > gone-before.pub
 *   printf 'y\n1\nno longer\n\ny\n' | gpg --quiet --no-tty --command-fd 0 --pinentry-mode loopback --passphrase= --faked-system-time 20250201T120000! --status-fd 2 --gen-revoke gone > gone.rev 2>/dev/null
 *   $G --import gone.rev; $G --export gone > gone.pub
 *   $G --export-secret-keys --armor demo > demo.sec.asc
 */
export const signedText =
  "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824  demo_1.0.0_linux_amd64.zip\n";

/** Public keys, binary, in base64. `demo` signs with a subkey, `old` expires on 2026-01-01, `gone` is revoked. */
export const gpgKeys = {
  demo: "mDMEZ3UuQBYJKwYBBAHaRw8BAQdAglLlirTfcsKBodHnSsfsC8jDz9/11WqButIvKuJ8uTG0F0RlbW8gPGRlbW9AZXhhbXBsZS5jb20+iJAEExYIADgWIQRqCOTSkicwOVMjY3isVOQkpTjOjQUCZ3UuQAIbAQULCQgHAgYVCgkICwIEFgIDAQIeAQIXgAAKCRCsVOQkpTjOjeIsAQD/pGUril9WAY8L7FgVu2dLb0pc2tFjVs25Dygfq57EfQD+LeedLhXx14+2O98KwWu3WnR4KS/JCE6JFX/mtfzVsQm4MwRndS5AFgkrBgEEAdpHDwEBB0DoBNJm0JGmMRGq9Cq2Tq1d+atj9ssM3tpfZwVJz/YrD4jvBBgWCAAgFiEEagjk0pInMDlTI2N4rFTkJKU4zo0FAmd1LkACGwIAgQkQrFTkJKU4zo12IAQZFggAHRYhBLXkY36eCD9n/BBsLOtuJyax9vS6BQJndS5AAAoJEOtuJyax9vS6ATUBAIuY8Wrr19LjD7tYu99a/255+NKV5TRGmn+YXY/efGbYAPsF4N/JMfwbQipWEZqM9CnId0RFwWl/lvvv5dDpk0dvDys4AQDjhsiVHSqArBZZGvSaaEj/39vsWte1LLgg5rBK2slsdwEArh6hkyo81dG1M7LfC6OXlgpi9w4I9rbuQW3WPu72gAc=",
  old: "mQENBGd1LkABCAC1SIvrKw0ffKLqYDe8h2Oyg26gd1xWnnfCZLnHn5NCSHj6vfByvtMDse93BDGypvoYG5TFgHO+w1k7vlrH0vXxvKoIsQc1E8l3xja0ySj8j7YJSKQxgRbIaKyili0E6+tQhR1MZgKx5LQayU12niGK5ODtvIt/qBKYa8377iE6c7WsRFZ3SmiUCVnz9MXHCbC26MbC9F6p02xEAT+d06rHvourIIO8lEn3LjFxSXKy1FhM098qKgoTBHFiRIF3wepx6ajuHG15ed8A3jPuQiO8ETEfZtAmqm0GgkUUzwHsRjEYoYBlGuG0OCQ4aluRL+tvKgD8tWEDhIkak+1N/2FpABEBAAG0FU9sZCA8b2xkQGV4YW1wbGUuY29tPokBVAQTAQoAPhYhBLGYtUNIR6udPtAX/JXOkKAdGAO9BQJndS5AAhsDBQkB4TOABQsJCAcCBhUKCQgLAgQWAgMBAh4BAheAAAoJEJXOkKAdGAO9hCwH+gIsq/50WoMEQHJwiu78Ey/Coh7ZQwiaaR1S93/2pUpzg+g+aO19Xe6YZeeNkWSYkQWl2DR2GYBfTjOrJyeZUEKLxk8Bi8KqJfviEr+gBOa7CB6CHhMXIxnKau1uuqnHP56UqSMnV8oX3YRcDtYXOYcw2bctWjktA1KUbGNUQReWn5erdVCzmwN/nGPr9apccyxvHoxSPuuiR3spXY1g6k6UebK4yKtRq7vk2a5J/bR4IJBwBkHHBrM7MYwOaNhNWWAcckFwmjRXf3gUblu02LIn8Clb9otfHNHw5H5X8lbyYat/2FlZ0ae2PPEv1BXR7BPOmtM/xdJjYhRqI+glUFc=",
  gone: "mDMEZ3UuQBYJKwYBBAHaRw8BAQdAso98GTwy0Rqj1kUFY4tlT8wSybcq0mDTip6POUyUwsOIgQQgFggAKRYhBK7yiVOg5zGt49c8QbOsEHp5kAf0BQJnngzACx0Cbm8gbG9uZ2VyAAoJELOsEHp5kAf0KqIA/01Ey5yqtBRcN5fA9OVAmbQw11jEHjQRQD5kqfyKXvHtAP9uq1dnMZdtcXu4HlCwsYTlvHg3mAVphIPa2UfVWOgkDbQXR29uZSA8Z29uZUBleGFtcGxlLmNvbT6IkAQTFggAOBYhBK7yiVOg5zGt49c8QbOsEHp5kAf0BQJndS5AAhsDBQsJCAcCBhUKCQgLAgQWAgMBAh4BAheAAAoJELOsEHp5kAf0T04A/jkc0PoGD5WTRmaS+Cts/N+JCERK3gwNF/NTWAUEAIQmAQDrdC3plZyrwcNpZDYvz8mGcvZ29aJuAZC6vAJeRXQlCA==",
  goneBefore:
    "mDMEZ3UuQBYJKwYBBAHaRw8BAQdAso98GTwy0Rqj1kUFY4tlT8wSybcq0mDTip6POUyUwsO0F0dvbmUgPGdvbmVAZXhhbXBsZS5jb20+iJAEExYIADgWIQSu8olToOcxrePXPEGzrBB6eZAH9AUCZ3UuQAIbAwULCQgHAgYVCgkICwIEFgIDAQIeAQIXgAAKCRCzrBB6eZAH9E9OAP45HND6Bg+Vk0ZmkvgrbPzfiQhESt4MDRfzU1gFBACEJgEA63Qt6ZWcq8HDaWQ2L8/JhnL2dvWibgGQurwCXkV0JQg=",
  other:
    "mDMEZ3UuQBYJKwYBBAHaRw8BAQdAAWx1DswkDF32nA8KUcgOc77SgNCI9wTqBUcqOKARRuq0GU90aGVyIDxvdGhlckBleGFtcGxlLmNvbT6IkAQTFggAOBYhBK/OQbH62EzjQtypvmkX0Hxb5Od/BQJndS5AAhsDBQsJCAcCBhUKCQgLAgQWAgMBAh4BAheAAAoJEGkX0Hxb5Od/cdgBAKPlDzOJ3jCY8KefDcXc1Z7sM/jmtDwAfES8sfeXRqUGAPkBdol2VoRqkBbd9kro5plkbP0EuT0eySWqTX9UVi0gBA==",
};

export const gpgArmoredKey = `-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEZ3UuQBYJKwYBBAHaRw8BAQdAglLlirTfcsKBodHnSsfsC8jDz9/11WqButIv
KuJ8uTG0F0RlbW8gPGRlbW9AZXhhbXBsZS5jb20+iJAEExYIADgWIQRqCOTSkicw
OVMjY3isVOQkpTjOjQUCZ3UuQAIbAQULCQgHAgYVCgkICwIEFgIDAQIeAQIXgAAK
CRCsVOQkpTjOjeIsAQD/pGUril9WAY8L7FgVu2dLb0pc2tFjVs25Dygfq57EfQD+
LeedLhXx14+2O98KwWu3WnR4KS/JCE6JFX/mtfzVsQm4MwRndS5AFgkrBgEEAdpH
DwEBB0DoBNJm0JGmMRGq9Cq2Tq1d+atj9ssM3tpfZwVJz/YrD4jvBBgWCAAgFiEE
agjk0pInMDlTI2N4rFTkJKU4zo0FAmd1LkACGwIAgQkQrFTkJKU4zo12IAQZFggA
HRYhBLXkY36eCD9n/BBsLOtuJyax9vS6BQJndS5AAAoJEOtuJyax9vS6ATUBAIuY
8Wrr19LjD7tYu99a/255+NKV5TRGmn+YXY/efGbYAPsF4N/JMfwbQipWEZqM9CnI
d0RFwWl/lvvv5dDpk0dvDys4AQDjhsiVHSqArBZZGvSaaEj/39vsWte1LLgg5rBK
2slsdwEArh6hkyo81dG1M7LfC6OXlgpi9w4I9rbuQW3WPu72gAc=
=5ViF
-----END PGP PUBLIC KEY BLOCK-----
`;

/** A secret key without passphrase, to sign with. */
export const gpgSecretKey = `-----BEGIN PGP PRIVATE KEY BLOCK-----

lFgEZ3UuQBYJKwYBBAHaRw8BAQdAglLlirTfcsKBodHnSsfsC8jDz9/11WqButIv
KuJ8uTEAAQDez23yRDIsjKf6kVxm26eKgNZeYdRSVNvWBcq80afwNBKitBdEZW1v
IDxkZW1vQGV4YW1wbGUuY29tPoiQBBMWCAA4FiEEagjk0pInMDlTI2N4rFTkJKU4
zo0FAmd1LkACGwEFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQrFTkJKU4zo3i
LAEA/6RlK4pfVgGPC+xYFbtnS29KXNrRY1bNuQ8oH6uexH0A/i3nnS4V8dePtjvf
CsFrt1p0eCkvyQhOiRV/5rX81bEJnFgEZ3UuQBYJKwYBBAHaRw8BAQdA6ATSZtCR
pjERqvQqtk6tXfmrY/bLDN7aX2cFSc/2Kw8AAP952Y3qdagSsltvB8tNp4EIST/P
BqmUyiBOb6iSq1skFw9+iO8EGBYIACAWIQRqCOTSkicwOVMjY3isVOQkpTjOjQUC
Z3UuQAIbAgCBCRCsVOQkpTjOjXYgBBkWCAAdFiEEteRjfp4IP2f8EGws624nJrH2
9LoFAmd1LkAACgkQ624nJrH29LoBNQEAi5jxauvX0uMPu1i731r/bnn40pXlNEaa
f5hdj958ZtgA+wXg38kx/BtCKlYRmoz0Kch3REXBaX+W++/l0OmTR28PKzgBAOOG
yJUdKoCsFlka9JpoSP/f2+xa17UsuCDmsErayWx3AQCuHqGTKjzV0bUzst8Lo5eW
CmL3Dgj2tu5BbdY+7vaABw==
=H5kF
-----END PGP PRIVATE KEY BLOCK-----
`;

/** Detached signatures of `signedText`, in base64. */
export const gpgSignatures = {
  demo: "iIcEABYIAC8WIQS15GN+ngg/Z/wQbCzrbicmsfb0ugUCZ3UuQBEcZGVtb0BleGFtcGxlLmNvbQAKCRDrbicmsfb0uhFAAP0T6GkEH+vIZvHNofcI0V9yUB/90pcPSw5zmZm8xEirgQD/YUXNL4biPvlU/mDMSA461+sZenqxP5YhD7fTKGoyewI=",
  armored:
    "LS0tLS1CRUdJTiBQR1AgU0lHTkFUVVJFLS0tLS0KCmlJY0VBQllJQUM4V0lRUzE1R04rbmdnL1ovd1FiQ3pyYmljbXNmYjB1Z1VDWjNVdVFCRWNaR1Z0YjBCbGVHRnQKY0d4bExtTnZiUUFLQ1JEcmJpY21zZmIwdWhGQUFQMFQ2R2tFSCt2SVp2SE5vZmNJMFY5eVVCLzkwcGNQU3c1egptWm04eEVpcmdRRC9ZVVhOTDRiaVB2bFUvbURNU0E0NjErc1plbnF4UDVZaEQ3ZlRLR295ZXdJPQo9UzlNUgotLS0tLUVORCBQR1AgU0lHTkFUVVJFLS0tLS0K",
  old: "iQFEBAABCgAuFiEEsZi1Q0hHq50+0Bf8lc6QoB0YA70FAmd1LkAQHG9sZEBleGFtcGxlLmNvbQAKCRCVzpCgHRgDvYHdCACOldtTIOM5XHNtaf7tek1EiGUIfPJzJJJpvH/daHNzfvBvuQ5vJt1Dzp4CBRBQim+7zrPdXzpwXgFwO06d2Z7xE1NGwdOROTTMTKpFNZU2CYr9GavsiKpbXp3gcd+H6ddJAVpLMpislPFvQ/JGcOb7Nw1THxNbcAwAdAy4VsIYVpDBSa/Ny/LSYLPion4Tk7cgZBVFwcEwrKazjrE+D/IxbvK1lwiLTj1pC/MiiiRcOInaiNI3qTRFx2YDrAubilJlVTncNJ3lV4SCp7QTmnB9RDp5fG7pJ7Tl6lP1LkLFvR9XPNO8huF8Khr1R42OB+z5Cf9GUldL6cWpVfnpLBsp",
  gone: "iIcEABYIAC8WIQSu8olToOcxrePXPEGzrBB6eZAH9AUCZ3UuQBEcZ29uZUBleGFtcGxlLmNvbQAKCRCzrBB6eZAH9Gr+AQC1jDdLUg6Zasvt9XSwMJP3AslNvHaEVn5rpIpVOGnJOQD/XWwVFVJYHsHz/YQ+d4dEbn8i41Owey7tKhbuZRysJwo=",
  other:
    "iIgEABYIADAWIQSvzkGx+thM40Lcqb5pF9B8W+TnfwUCZ3UuQBIcb3RoZXJAZXhhbXBsZS5jb20ACgkQaRfQfFvk53/MOgEA/mbsIzabg2Psgg2J/VFHTDZA7oNnbmYZUaUZAgVHjeAA/31WM3tlZZXJ+YO/tO49ei5/JdreJq13gfM2TTzOxUoF",
  short:
    "iI0EABYIADUWIQS15GN+ngg/Z/wQbCzrbicmsfb0ugUCZ3UuQAWDACeNABEcZGVtb0BleGFtcGxlLmNvbQAKCRDrbicmsfb0utZmAQCJZa5ONnaEG78mCIVv2lWk0ks/2C4+sZqIC64e6odCqQD8CYzggrQ5eVuOKQ5HngbIBBiYrv6EyKAC9cU3TGED6AU=",
  weak: "iQFEBAABAgAuFiEEsZi1Q0hHq50+0Bf8lc6QoB0YA70FAmd1LkAQHG9sZEBleGFtcGxlLmNvbQAKCRCVzpCgHRgDvS8TB/47SMZIGZvGbghip06S0xTYka6jcKGd++6Fq8eKDclWVOsqL1lf/S2bDV96RUnlHNNNzPlly4uXVJKqd5m8mEm2mjX+Gy8+MEkaGdeaF/cGHKKsh9R7xygRbLj5Rv6Ax8uBn+ZmrpV3Lw6jWCt1iifcjm6faiVVVCE+XVKAOW8CItZjuvd7261MX6KXvbFy3IZ+pAJyciInwDDd52PPMmEpabGxmYya4GKPK1rWo1HqJ9Vc+0VzoHRJTW9PGA/OisLUrmyG4yMb1OOmXPVUim3zcKmIUnL3c179PWsaWe8wHVFY0awIpcXdYOaziVrE3iTrz9L0fHDZNNt0egKm71Zo",
  text: "iIcEARYIAC8WIQS15GN+ngg/Z/wQbCzrbicmsfb0ugUCZ3UuQBEcZGVtb0BleGFtcGxlLmNvbQAKCRDrbicmsfb0upReAQD+uKQG3Jm0MsLGYh3rUbKMh4LTA0lyXqpDUDb5WCDxvAD+LU2jS1lEPholJYtFbtVSS9o8NyD7qqd1tWtIWOgBIAI=",
  future:
    "iIcEABYIAC8WIQS15GN+ngg/Z/wQbCzrbicmsfb0ugUCcNyBQBEcZGVtb0BleGFtcGxlLmNvbQAKCRDrbicmsfb0uqPdAPsFEe8YpXcIGfo7oq0GOo+btrdSFNl9LQUT1IcFd8jhVAEAuzArmLSW6G0vWJcFKf+/1f2DN+wC2Ik0VHI+N1934wY=",
};
