import type { Hostile } from "./hostile.ts";
import { pax, tar, tarPart } from "./tar-bytes.ts";

const nine = "123456789/";

/** Tar archives that must be refused, with what is said of them. */
export const hostileTars: readonly Hostile[] = [
  [
    "a path that leads up",
    tar({ name: "../escaped" }),
    "unsafe-archive",
    /"\.\.\/escaped" leads out of its folder/,
  ],
  ["a path that leads up on a detour", tar({ name: "a/b/../../../escaped" }), "unsafe-archive", /leads out/],
  ["a folder that leads up", tar({ name: "a/../../escaped/", type: "5" }), "unsafe-archive", /leads out/],
  ["an absolute path", tar({ name: "/escaped" }), "unsafe-archive", /is an absolute path/],
  ["a drive letter", tar({ name: "C:escaped" }), "unsafe-archive", /begins with a drive letter/],
  ["a backslash", tar({ name: "..\\escaped" }), "unsafe-archive", /has a backslash/],
  ["a share of Windows", tar({ name: "\\\\host\\share" }), "unsafe-archive", /has a backslash/],
  [
    "a data stream of NTFS",
    tar({ name: "program:hidden" }),
    "unsafe-archive",
    /means something else on Windows/,
  ],
  ["a name that ends in a dot", tar({ name: "program./x" }), "unsafe-archive", /which Windows drops/],
  ["a name that ends in a space", tar({ name: "program " }), "unsafe-archive", /which Windows drops/],
  ["a device of Windows", tar({ name: "lib/aux.txt" }), "unsafe-archive", /device of Windows/],
  ["an empty part", tar({ name: "a//b" }), "unsafe-archive", /empty part/],
  ["a line break in a name", tar({ name: "a\nb" }), "unsafe-archive", /do not show/],
  ["a name that shows backwards", tar({ name: "a\u202eexe.b" }), "unsafe-archive", /do not show/],
  ["no name", tar({ name: "" }), "unsafe-archive", /has no name/],
  ["a name in Latin-1", tar({ name: "x", spoil: latin1Name }), "bad-archive", /no UTF-8/],
  ["a NUL in a pax path", tar(pax({ path: "a\0b" }), { name: "x" }), "unsafe-archive", /do not show/],
  [
    "a link out of the folder",
    tar({ name: "l", type: "2", link: "../../witness" }),
    "unsafe-archive",
    /symbolic link/,
  ],
  ["a link within the folder", tar({ name: "l", type: "2", link: "x" }), "unsafe-archive", /symbolic link/],
  [
    "a file through an earlier link",
    tar({ name: "l", type: "2", link: ".." }, { name: "l/escaped", content: "x" }),
    "unsafe-archive",
    /"l" is a symbolic link/,
  ],
  ["a hard link", tar({ name: "l", type: "1", link: "/etc/passwd" }), "unsafe-archive", /hard link/],
  [
    "the long target of a link",
    tar({ name: "l", type: "K", content: "/etc/x" }),
    "unsafe-archive",
    /target of a link/,
  ],
  ["a pax link target", tar(pax({ linkpath: "/etc" }), { name: "l" }), "unsafe-archive", /target of a link/],
  ["a character device", tar({ name: "null", type: "3" }), "unsafe-archive", /is a device/],
  ["a block device", tar({ name: "sda", type: "4" }), "unsafe-archive", /is a device/],
  ["a FIFO", tar({ name: "pipe", type: "6" }), "unsafe-archive", /is a FIFO/],
  ["an unknown type", tar({ name: "x", type: "Z" }), "unsafe-archive", /unknown type Z/],
  ["GNU's sparse file", tar({ name: "x", type: "S" }), "unsafe-archive", /sparse file/],
  [
    "pax's sparse file",
    tar(pax({ "GNU.sparse.realsize": "9" }), { name: "x" }),
    "unsafe-archive",
    /sparse file/,
  ],
  ["a file twice", tar({ name: "x" }, { name: "./x" }), "unsafe-archive", /is there twice/],
  ["names that differ in case", tar({ name: "a/x" }, { name: "A/y" }), "unsafe-archive", /case or accents/],
  [
    "names that differ in ß and ss",
    tar({ name: "straße" }, { name: "strasse" }),
    "unsafe-archive",
    /case or accents/,
  ],
  [
    "names that differ in composition",
    tar({ name: "\u00e9" }, { name: "e\u0301" }),
    "unsafe-archive",
    /case or accents/,
  ],
  ["a file over a folder", tar({ name: "a/x" }, { name: "a" }), "unsafe-archive", /both a file and a folder/],
  ["a folder over a file", tar({ name: "a" }, { name: "a/x" }), "unsafe-archive", /both a file and a folder/],
  ["a folder with bytes", tar({ name: "a", type: "5", content: "x" }), "unsafe-archive", /bytes of its own/],
  ["a file named as a folder", tar({ name: "a/", content: "x" }), "unsafe-archive", /name of a folder/],
  ["folders that are too deep", tar({ name: `${"a/".repeat(40)}x` }), "unsafe-archive", /deeper than 32/],
  [
    "a path that is too long",
    tar(pax({ path: `${nine.repeat(200)}x` }), { name: "x" }),
    "unsafe-archive",
    /more than 1024 bytes/,
  ],
  [
    "a part that is too long",
    tar(pax({ path: "x".repeat(256) }), { name: "x" }),
    "unsafe-archive",
    /more than 255 bytes/,
  ],
  [
    "a pax path that leads up",
    tar(pax({ path: "../escaped" }), { name: "x" }),
    "unsafe-archive",
    /leads out/,
  ],
  [
    "a pax path for all entries",
    tar(pax({ path: "y" }, "g"), { name: "x" }),
    "unsafe-archive",
    /all entries at once/,
  ],
  [
    "a long name of GNU's that leads up",
    tar(gnuName("../escaped"), { name: "x" }),
    "unsafe-archive",
    /leads out/,
  ],
  [
    "a name said twice",
    tar(gnuName("y"), pax({ path: "z" }), { name: "x" }),
    "bad-archive",
    /name is said twice/,
  ],
  [
    "a pax key said twice",
    tar({ name: "p", type: "x", content: "9 path=a\n9 path=b\n" }),
    "bad-archive",
    /"path" twice/,
  ],
  [
    "a pax record that lies",
    tar({ name: "p", type: "x", content: "99 path=a\n" }),
    "bad-archive",
    /not as long as it says/,
  ],
  ["a pax charset", tar(pax({ hdrcharset: "BINARY" }), { name: "x" }), "bad-archive", /written in "BINARY"/],
  [
    "a huge extended header",
    tar({ name: "p", type: "x", content: "x".repeat(99_999) }),
    "too-large",
    /extended header/,
  ],
  ["an entry that is only announced", tar({ name: "a" }, pax({ path: "y" })), "bad-archive", /was announced/],
  ["a negative size", tar({ name: "x", sizeField: Buffer.alloc(12, 0xff) }), "unsafe-archive", /no size/],
  ["a size beyond all numbers", tar({ name: "x", sizeField: hugeSize() }), "unsafe-archive", /no size/],
  [
    "a size that is no number",
    tar({ name: "x", sizeField: Buffer.from("12x") }),
    "bad-archive",
    /for a number/,
  ],
  ["a wrong checksum", tar({ name: "x", spoil: (header) => header.write("y") }), "bad-archive", /checksum/],
  [
    "content that is cut",
    tarPart({ name: "x", content: "x".repeat(900) }).subarray(0, 1000),
    "bad-archive",
    /cut short/,
  ],
  [
    "a padding that is cut",
    tarPart({ name: "x", content: "x" }).subarray(0, 1000),
    "bad-archive",
    /cut short/,
  ],
  ["no end", tarPart({ name: "x", content: "x" }), "bad-archive", /cut short/],
  ["half an end", Buffer.concat([tarPart({ name: "x" }), Buffer.alloc(512)]), "bad-archive", /cut short/],
  [
    "entries after the end",
    Buffer.concat([tar({ name: "x" }), tar({ name: "y" })]),
    "bad-archive",
    /follow the end/,
  ],
  [
    "nothing",
    Buffer.concat([tarPart({ name: "./", type: "5" }), Buffer.alloc(1024)]),
    "bad-archive",
    /no file/,
  ],
];

function gnuName(name: string) {
  return { name: "././@LongLink", type: "L", content: `${name}\0` };
}

function latin1Name(header: Buffer): void {
  header[0] = 0xe9;
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 0x20 : byte), 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
}

function hugeSize(): Buffer {
  const field = Buffer.alloc(12, 0x7f);
  field[0] = 0x80;
  return field;
}
