import { gunzipSync } from "node:zlib";
import type { InstallErrorCode } from "@drawbar/install";

export interface GoodArchive {
  readonly by: string;
  readonly fileName: string;
  /** The folder that everything lies in. */
  readonly root: string;
  /** False where the maker wrote no mode for the program. */
  readonly modes: boolean;
  readonly gzipped: boolean;
  readonly base64: string;
}

export interface Compressed {
  readonly fileName: string;
  readonly base64: string;
}

export interface HostileCompressed extends Compressed {
  readonly what: string;
  readonly code: InstallErrorCode;
  readonly message: RegExp;
  readonly gzipped: boolean;
}

/** The bytes of one of these; those that are long and empty are kept gzipped. */
export function archiveBytes(archive: { readonly base64: string; readonly gzipped?: boolean }): Buffer {
  const bytes = Buffer.from(archive.base64, "base64");
  return archive.gzipped === true ? gunzipSync(bytes) : bytes;
}

/**
 * Archives made by programs that everybody has, of a folder `plugin` with two files, all times being 0:
 *
 *   mkdir -p plugin/data; printf '#!/bin/sh\necho hello\n' > plugin/run; printf 'some data\n' > plugin/data/words.txt
 *   chmod 4755 plugin/run; chmod 666 plugin/data/words.txt
 *   tar --owner=0 --group=0 --numeric-owner --sort=name …   (GNU tar 1.34)
 *   zip -qXr plugin.zip plugin                              (Info-ZIP 3.0)
 *   git archive --format=tar|zip HEAD                       (git 2.39)
 *   python3: zipfile.writestr into a seekable file, and into one that cannot seek, with data descriptors
 *   gzip -9n, xz -C crc64, zstd -q, bzip2 of plugin/run
 */
export const goodArchives: readonly GoodArchive[] = [
  {
    by: "tar --format=ustar",
    fileName: "ustar.tar",
    root: "plugin/",
    modes: true,
    gzipped: true,
    base64:
      "H4sIAAAAAAACA+3VTQ+CIByAcc5+Clr3BBX6PJYu20ya6OrjRy+HZqtTulzP7wI3xp7x51j3u30TizGpYG3MbQ2G6+teK6NSIY2YQO+7vA3Hf+OSz5ebieO9f5F3efw7/XWmM/pP3f/k2sKvunM3Qn9r7fv+Ohn0T1OthFT0H513h1Je60cCf+jx/tu+GfX/zz7O/8QM53+SWt7/FJaLeBP6+yoqt5WTVVnXjlEAAAAAAAAAAAAAAPNzASLWLf8AKAAA",
  },
  {
    by: "tar --format=gnu",
    fileName: "gnu.tar",
    root: "plugin/",
    modes: true,
    gzipped: true,
    base64:
      "H4sIAAAAAAACA+3VsQ6CMBRA0c58RY270ALle1CImCA1tEQ/36obUbcSDfcs7X77Xi/9dDwNqYgpC6qyfJ7B/Hxzr3SWC1mKBUzO16OUYqUur/5N7ev0Z/qrTKmC/kv3v9qxcTt/8xH6G2M+91d61l+HJyBkRv/onD238lE/EVjv/I/TEPX/L77uf13O//8qN8z/ErabdB/6uy5pD52VXdv3llUAAAAAAAAAAAAAAP/nDt9mCiAAKAAA",
  },
  {
    by: "tar --format=posix",
    fileName: "posix.tar",
    root: "plugin/",
    modes: true,
    gzipped: true,
    base64:
      "H4sIAAAAAAACA+2XvW6DMBRGPecpiLqD/6FD94x9BTdYJRIJFQaVx69JK5W6SqVI4IjmO4st7mChy/kuTrNnM+ysKW3rsre6fz2cyNxQj5byvHrCldJcfu/H54xJTUkykAj0rjOtP57cJ4Impjsc7RPLH5UqWC7zlElVFEJxvfHV/e8q+6oSsHo+lc8WPeOsuFKX/Q/3jCoqSKLW5H/4cuvq/2QIlKYzt85/zoVE/iP/QST/R+kXGwLX57//xiTyP3b/J0PgvWlLl3ZDd5v8l5zh/x/5D6L6P6v0of9aX/af8cB/IUb/6Zr8X2n+u+Zok7H7sPme/Z+M/rY/LeH/dfc/xnPMf8x/EMn/+aX/6b/88/7HVXj/40Jj/sfgYZu9+P67amP3VZNUtq4biA0AAAAAAAAA/48PtgZ1RwAoAAA=",
  },
  {
    by: "git archive --format=tar",
    fileName: "git.tar",
    root: "plugin/",
    modes: true,
    gzipped: true,
    base64:
      "H4sIAAAAAAACA+3VwW6EIBAGYM77FDa9V2AA3UOfZYMK2kRlo5ju45ft0WbbS7Xd9v8uTAIJIX+GOdvLqe1DZftT52zjJvb9eGKMeV+T9Zo2FROauFCGVKp5qrTkrGU7WOZop3TlFEL87NxX++vH3QktszoMgxvjsxfKV+SpPLpSe25l44nq0mhlqSys9YIaR3V1YPBnnPulfRnzTe+49kNR6Nv9n+pV/0sykmn0/175Nzba/BflT7Ig5L9z/q9hauaneImbzH91O38h1/lrYYhx5L+5OQwuu6aPqf6f5/+0jD84/6X+8P8LIdD/O3h8yKuU/9wdXN2FrHN9H/AVAAAAAAAAAAAAAAAA3K832DRJiAAoAAA=",
  },
  {
    by: "tar -cz",
    fileName: "plugin.tar.gz",
    root: "plugin/",
    modes: true,
    gzipped: false,
    base64:
      "H4sIAAAAAAAAA+2Yy06EMBSGZz1PgXEPvYML9y59hTo0MgkjEy6Rx7cgiQ3jmBBLvfB/mxK6OCXl+w8lTh51/2B0buomOZfd8/Fl5xtiUUKMo2U+EpKKj+vhPqVCkV3Ue1/JJ3RNq2tbPkStXwgnkW6PJ3NP0zspM5qKNKZCZhmXTO3t7OFylk6zP7128H3elU9WrTEqLuV1/+fXlEjCd5FcdVUTvvyfP9wfYdp/pwnkutV+ayzPf8a4QP6HAPm/bSb/B+lXawLL89++YwL5HwJ3/50m8FrVeRO3feujxvL8F4zi+z8IyP9t4/rvVXqH0X+lrvtP2cx/zgf/gzi58fxvqpOJht2HzZvk8vxXd77/AC7v/4yyFP0/BOj/22by37/0DtZp8eX5j8n5+Y9xhf4fgtub5Mnuf1PszaGoosKUZQWxAQAAAAAAAOD/8Qa2BnVHACgAAA==",
  },
  {
    by: "tar -cJ",
    fileName: "plugin.tar.xz",
    root: "plugin/",
    modes: true,
    gzipped: false,
    base64:
      "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Cf/ALNdADgbCxEMMZqL+UTyyLJ0DRKWMUl89BjUdujoybeahJBx0BxRIpDmInNmTVaAQZvS9Yiudba6T+hxEZthFc9lwJ5pKwPJBQXGxDyATSl4LcjWWAGWWrWu5QmeOe6vGwji50PZntSutZIQstSyf9yKKm1+6Z/LXp/Xu9iOOSHfyz9xrsVttwL9pa756c6nY/64j8LoFpTUEPHVIGnaXluZ90JId1mH8Pgdx2CrOU0VtCpocb2VAABHcqzET8VnXQABzwGAUAAAh8lun7HEZ/sCAAAAAARZWg==",
  },
  {
    by: "tar --zstd",
    fileName: "plugin.tar.zst",
    root: "plugin/",
    modes: true,
    gzipped: false,
    base64:
      "KLUv/QRYHQUA8gYXGYCnOkBJxnbwz40iy4iEkf2/lShgYLkOqAzktbbYPkZYhMXijkEBBFCRjjH+uwlJy1a7DC9+9XxjGCEkE1IQFXwIg/lcWrbSXdgyTj2rxU369f856f+1uKMw2yEYAP2b60F0oLKxAbI6AIIHADc5TzpnwJwBZK4C8LZSBAZUAzoM7AFgOm9A1QZAdYDIAh1QHIB0sOLnA1gBwLFymZwAF/owDi4=",
  },
  {
    by: "tar -cj",
    fileName: "plugin.tar.bz2",
    root: "plugin/",
    modes: true,
    gzipped: false,
    base64:
      "QlpoOTFBWSZTWcBq7twAANhfgMqQaAH/gAAIBSB+597ADAgwALm2GpAB6QAAGho0aNBpGkaAAAAAABJKR6T0am1DagPUBoAPUp6h2a68Z0AaDAkz0hIk6+WJ6ygRqaTBkTwSGEMwp98Ih5CsMHa6e7NW1gqtJ3IEuHPlEAGLCRKhaEmCvQosTNJpcFBMsFZWG1qsMGgAYEWpkYHbGPaNFgZQdKAUXiwExLMHSL3PkMSBHXY08cBlatD9cGygWbpgg/i7kinChIYDV3bg",
  },
  {
    by: "zip",
    fileName: "plugin.zip",
    root: "plugin/",
    modes: true,
    gzipped: false,
    base64:
      "UEsDBAoAAAAAAAAAIQAAAAAAAAAAAAAAAAAHAAAAcGx1Z2luL1BLAwQKAAAAAAAAACEAAAAAAAAAAAAAAAAADAAAAHBsdWdpbi9kYXRhL1BLAwQKAAAAAAAAACEAGfkByAoAAAAKAAAAFQAAAHBsdWdpbi9kYXRhL3dvcmRzLnR4dHNvbWUgZGF0YQpQSwMECgAAAAAAAAAhAHnUPxcVAAAAFQAAAAoAAABwbHVnaW4vcnVuIyEvYmluL3NoCmVjaG8gaGVsbG8KUEsBAh4DCgAAAAAAAAAhAAAAAAAAAAAAAAAAAAcAAAAAAAAAAAAQAO1BAAAAAHBsdWdpbi9QSwECHgMKAAAAAAAAACEAAAAAAAAAAAAAAAAADAAAAAAAAAAAABAA7UElAAAAcGx1Z2luL2RhdGEvUEsBAh4DCgAAAAAAAAAhABn5AcgKAAAACgAAABUAAAAAAAAAAQAAALaBTwAAAHBsdWdpbi9kYXRhL3dvcmRzLnR4dFBLAQIeAwoAAAAAAAAAIQB51D8XFQAAABUAAAAKAAAAAAAAAAEAAADtiYwAAABwbHVnaW4vcnVuUEsFBgAAAAAEAAQA6gAAAMkAAAAAAA==",
  },
  {
    by: "git archive --format=zip",
    fileName: "git.zip",
    root: "plugin/",
    modes: true,
    gzipped: false,
    base64:
      "UEsDBAoAAAAAAE4leV0AAAAAAAAAAAAAAAAHAAkAcGx1Z2luL1VUBQABNGcGa1BLAwQKAAAAAABOJXldAAAAAAAAAAAAAAAADAAJAHBsdWdpbi9kYXRhL1VUBQABNGcGa1BLAwQKAAAAAABOJXldGfkByAoAAAAKAAAAFQAJAHBsdWdpbi9kYXRhL3dvcmRzLnR4dFVUBQABNGcGa3NvbWUgZGF0YQpQSwMECgAAAAAATiV5XXnUPxcVAAAAFQAAAAoACQBwbHVnaW4vcnVuVVQFAAE0ZwZrIyEvYmluL3NoCmVjaG8gaGVsbG8KUEsBAgAACgAAAAAATiV5XQAAAAAAAAAAAAAAAAcACQAAAAAAAAAQAAAAAAAAAHBsdWdpbi9VVAUAATRnBmtQSwECAAAKAAAAAABOJXldAAAAAAAAAAAAAAAADAAJAAAAAAAAABAAAAAuAAAAcGx1Z2luL2RhdGEvVVQFAAE0ZwZrUEsBAgAACgAAAAAATiV5XRn5AcgKAAAACgAAABUACQAAAAAAAQAAAAAAYQAAAHBsdWdpbi9kYXRhL3dvcmRzLnR4dFVUBQABNGcGa1BLAQIXAwoAAAAAAE4leV151D8XFQAAABUAAAAKAAkAAAAAAAEAAADtgacAAABwbHVnaW4vcnVuVVQFAAE0ZwZrUEsFBgAAAAAEAAQADgEAAO0AAAAoAGYxNGZiM2YzODllODVmMGEyZGYzM2M4NjU0YTM4N2FhZjEzZGUzY2I=",
  },
  {
    by: "python's zipfile",
    fileName: "python.zip",
    root: "",
    modes: false,
    gzipped: false,
    base64:
      "UEsDBBQAAAAIAAAAIQB51D8XFwAAABUAAAADAAAAcnVuU1bUT8rM0y/O4EpNzshXyEjNycnnAgBQSwMEFAAAAAgATSV5XRn5AcgMAAAACgAAAA4AAABkYXRhL3dvcmRzLnR4dCvOz01VSEksSeQCAFBLAQIUAxQAAAAIAAAAIQB51D8XFwAAABUAAAADAAAAAAAAAAAAAACAAQAAAABydW5QSwECFAMUAAAACABNJXldGfkByAwAAAAKAAAADgAAAAAAAAAAAAAAgAE4AAAAZGF0YS93b3Jkcy50eHRQSwUGAAAAAAIAAgBtAAAAcAAAAAAA",
  },
  {
    by: "python's zipfile to a pipe",
    fileName: "streamed.zip",
    root: "",
    modes: false,
    gzipped: false,
    base64:
      "UEsDBBQACAAIAE4leV0AAAAAAAAAAAAAAAADAAAAcnVuU1bUT8rM0y/O4EpNzshXyEjNycnnAgBQSwcIedQ/FxcAAAAVAAAAUEsDBBQACAAIAE4leV0AAAAAAAAAAAAAAAAOAAAAZGF0YS93b3Jkcy50eHQrzs9NVUhJLEnkAgBQSwcIGfkByAwAAAAKAAAAUEsBAhQDFAAIAAgATiV5XXnUPxcXAAAAFQAAAAMAAAAAAAAAAAAAAIABAAAAAHJ1blBLAQIUAxQACAAIAE4leV0Z+QHIDAAAAAoAAAAOAAAAAAAAAAAAAACAAUgAAABkYXRhL3dvcmRzLnR4dFBLBQYAAAAAAgACAG0AAACQAAAAAAA=",
  },
];

/** A compressed program, without an archive around it. */
export const compressedPrograms: readonly Compressed[] = [
  { fileName: "run.gz", base64: "H4sIAAAAAAACA1NW1E/KzNMvzuBKTc7IV8hIzcnJ5wIAedQ/FxUAAAA=" },
  {
    fileName: "run.xz",
    base64:
      "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAUIyEvYmluL3NoCmVjaG8gaGVsbG8KAAAAAD+pVMSd7jjGAAEtFS8LcW0ftvN9AQAAAAAEWVo=",
  },
  { fileName: "run.zst", base64: "KLUv/SQVqQAAIyEvYmluL3NoCmVjaG8gaGVsbG8K+YObCQ==" },
  {
    fileName: "run.bz2",
    base64: "QlpoOTFBWSZTWUhN/UcAAAJRgAAQaACaZYgAIAAxAAAKaMnpoamFo7GCnCN35Jgfi7kinChIJCb+o4A=",
  },
];

/** What cannot be read, or must not be, with its code and message. `head -c 64M /dev/zero | …` are the bombs. */
export const hostileCompressed: readonly HostileCompressed[] = [
  {
    what: "64 MiB of zeros by bzip2",
    fileName: "bomb.bz2",
    code: "too-large",
    message: /more than 200 times its size/,
    gzipped: false,
    base64:
      "QlpoOTFBWSZTWQ4J4t8BX45AAMAAAAggADCATUZCoCWpCoCXMUFZJlNZvAS1wwCidcAAwAAACCAAIKQINjKKiE0qKiE4u5IpwoSFALuD6A==",
  },
  {
    what: "64 MiB of zeros by xz -9",
    fileName: "bomb.xz",
    code: "too-large",
    message: /more than 200 times its size/,
    gzipped: true,
    base64:
      "H4sIAAAAAAACA/trXhURxcDA8uzaFjcmBkVGGQYGBoHzEWf+/xdkzIllYMj/+///4u3/3e08RIssEwN3TNJ4triN/ee7J3JNl/WPWtkwem+sO9nV5au/mPdm/bLHPcqCwQ8iJY6Wdj0q/7FtSj1P1oF7JZ4pj17GBG9iufHdhWd1PG+u28unh8s6tk8LX7PN92GmbP5v7w6BHKfTHfYxDP0X/NaraUwplLftV3lYMG+5cvwbjdOtF6fO6KrTmvhJvfS75AG2Gb4z/t5Yf3UC/xHV4B9fJ5oZsi7d8C7/YIGvO8/FiYKr1ibI7jq3UV0iJrLtZVpQxL6XZWsinzyNZuX4efzW2j+/g7RLzspFKzj9vBts+0MzhdO64bRWzv2t1h+O7NWLX8Vv553mNEGY77/A5B+FFZE/uM/+n6rhxr/yT82937MM9MIO9Ld+bm48kEplq/d4qD+LmP9fgFGb4U1x8PK/+9bVGErN395rmDdywoA0qwP57TeNBthogI0G2GiAjQbYaICNBthogI0G2GiAjQbYaICNBthogI0G2GiAjQbYaICNBthogI0G2GiAjQbYaICNBthogI0G2GiAjQbYaICNBthogI0G2GiAjQbYQAVYg+w9BjaG1w/PR6ozMDBMldEVMrt5OIaBsdm3oaFBIdt68veNR9J/MwHlGFgiowDJfmDsqCYAAA==",
  },
  {
    what: "64 MiB of zeros by zstd -19",
    fileName: "bomb.zst",
    code: "too-large",
    message: /more than 200 times its size/,
    gzipped: true,
    base64:
      "H4sIAAAAAAACA9PYqv+XJcOHgYGDgZHhz39LASYmBgGGUTyKR/HIwy4MDMBi4O//M9wCo8ExikfxyMSMDAzL+VVrAGtOBFUcCAAA",
  },
  {
    what: "a dictionary of 128 MiB (xz --lzma2=dict=128MiB)",
    fileName: "run.xz",
    code: "bad-archive",
    message: /dictionary of more than 64 MiB/,
    gzipped: false,
    base64:
      "/Td6WFoAAATm1rRGAgAhAR4AAACbB1FmAQAUIyEvYmluL3NoCmVjaG8gaGVsbG8KAAAAAD+pVMSd7jjGAAEtFS8LcW0ftvN9AQAAAAAEWVo=",
  },
  {
    what: "a filter for x86 (xz --x86 --lzma2)",
    fileName: "run.xz",
    code: "bad-archive",
    message: /uses a filter or a check/,
    gzipped: false,
    base64:
      "/Td6WFoAAATm1rRGAgEEACEBFgANhjUfAQAUIyEvYmluL3NoCmVjaG8gaGVsbG8KAAAAAD+pVMSd7jjGAAEtFS8LcW0ftvN9AQAAAAAEWVo=",
  },
];
