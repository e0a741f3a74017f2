/**
 * A pair of keys that the peer made: `signatures minisign-key go.pub go.key "correct horse"`. To open it costs a gigabyte
 * and some seconds, to make it as much again; the long form of the tests makes one of its own.
 */
export const recordedKey = {
  passphrase: "correct horse",
  publicKey: `untrusted comment: minisign public key: 7ADEF291888C1E4C
RWRMHoyIkfLeenNPT5uITN8+efup4jMrOkutELwScwmoybeLJZgjd29T`,
  secretKey: `untrusted comment: minisign encrypted secret key
RWRTY0Iydr3vm7Ens4mzC6dOh5+y3Ek/ZtbId6N+XrKI1hOy33EAAAACAAAAAAAAAEAAAAAA52y9GqSjqPadNWWP2Q92K7fwgbcfEp/g0/3ih7EL8I3QuRUjiL9lACcdM8DbWoCskmBiz4c4tVJrt9ENpVrMRH34Itm0jVuukJy8WAn73aWuANjibcnINfi/TydrTWATTgmsvS97284=`,
} as const;
