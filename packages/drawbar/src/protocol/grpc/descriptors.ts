// What reflection tells of go-plugin's own services, as Go plugins tell it: serialized FileDescriptorProtos in
// base64, made by `buf build --exclude-source-info` from go-plugin v1.8.0's internal/plugin.

export const brokerDescriptor: string = [
  "CiFpbnRlcm5hbC9wbHVnaW4vZ3JwY19icm9rZXIucHJvdG8SBnBsdWdpbiLSAQoIQ29ubkluZm8SHQoKc2VydmljZV9pZBgBIAEo",
  "DVIJc2VydmljZUlkEhgKB25ldHdvcmsYAiABKAlSB25ldHdvcmsSGAoHYWRkcmVzcxgDIAEoCVIHYWRkcmVzcxIsCgVrbm9jaxgE",
  "IAEoCzIWLnBsdWdpbi5Db25uSW5mby5Lbm9ja1IFa25vY2saRQoFS25vY2sSFAoFa25vY2sYASABKAhSBWtub2NrEhAKA2FjaxgC",
  "IAEoCFIDYWNrEhQKBWVycm9yGAMgASgJUgVlcnJvcjJDCgpHUlBDQnJva2VyEjUKC1N0YXJ0U3RyZWFtEhAucGx1Z2luLkNvbm5J",
  "bmZvGhAucGx1Z2luLkNvbm5JbmZvKAEwAUIwWi5naXRodWIuY29tL2hhc2hpY29ycC9nby1wbHVnaW4vaW50ZXJuYWwvcGx1Z2lu",
  "YgZwcm90bzM=",
].join("");

export const controllerDescriptor: string = [
  "CiVpbnRlcm5hbC9wbHVnaW4vZ3JwY19jb250cm9sbGVyLnByb3RvEgZwbHVnaW4iBwoFRW1wdHkyOgoOR1JQQ0NvbnRyb2xsZXIS",
  "KAoIU2h1dGRvd24SDS5wbHVnaW4uRW1wdHkaDS5wbHVnaW4uRW1wdHlCMFouZ2l0aHViLmNvbS9oYXNoaWNvcnAvZ28tcGx1Z2lu",
  "L2ludGVybmFsL3BsdWdpbmIGcHJvdG8z",
].join("");

export const stdioDescriptor: string = [
  "CiBpbnRlcm5hbC9wbHVnaW4vZ3JwY19zdGRpby5wcm90bxIGcGx1Z2luGhtnb29nbGUvcHJvdG9idWYvZW1wdHkucHJvdG8ihAEK",
  "CVN0ZGlvRGF0YRIzCgdjaGFubmVsGAEgASgOMhkucGx1Z2luLlN0ZGlvRGF0YS5DaGFubmVsUgdjaGFubmVsEhIKBGRhdGEYAiAB",
  "KAxSBGRhdGEiLgoHQ2hhbm5lbBILCgdJTlZBTElEEAASCgoGU1RET1VUEAESCgoGU1RERVJSEAIyRwoJR1JQQ1N0ZGlvEjoKC1N0",
  "cmVhbVN0ZGlvEhYuZ29vZ2xlLnByb3RvYnVmLkVtcHR5GhEucGx1Z2luLlN0ZGlvRGF0YTABQjBaLmdpdGh1Yi5jb20vaGFzaGlj",
  "b3JwL2dvLXBsdWdpbi9pbnRlcm5hbC9wbHVnaW5iBnByb3RvMw==",
].join("");

/** Of drawbar's own `drawbar/plugin/v1/plugin.proto`, which docs/installing-plugins.md has in full. */
export const describeDescriptor: string = [
  "Ch5kcmF3YmFyL3BsdWdpbi92MS9wbHVnaW4ucHJvdG8SEWRyYXdiYXIucGx1Z2luLnYxIhEKD0Rlc2NyaWJlUmVxdWVzdCJAChBEZXNj",
  "cmliZVJlc3BvbnNlEhIKBG5hbWUYASABKAlSBG5hbWUSGAoHdmVyc2lvbhgCIAEoCVIHdmVyc2lvbjJkCg1QbHVnaW5TZXJ2aWNlElMK",
  "CERlc2NyaWJlEiIuZHJhd2Jhci5wbHVnaW4udjEuRGVzY3JpYmVSZXF1ZXN0GiMuZHJhd2Jhci5wbHVnaW4udjEuRGVzY3JpYmVSZXNw",
  "b25zZWIGcHJvdG8z",
].join("");

/** `google/protobuf/empty.proto`, which stdio's imports. */
export const emptyDescriptor: string = [
  "Chtnb29nbGUvcHJvdG9idWYvZW1wdHkucHJvdG8SD2dvb2dsZS5wcm90b2J1ZiIHCgVFbXB0eUJ9ChNjb20uZ29vZ2xlLnByb3Rv",
  "YnVmQgpFbXB0eVByb3RvUAFaLmdvb2dsZS5nb2xhbmcub3JnL3Byb3RvYnVmL3R5cGVzL2tub3duL2VtcHR5cGL4AQGiAgNHUEKq",
  "Ah5Hb29nbGUuUHJvdG9idWYuV2VsbEtub3duVHlwZXNiBnByb3RvMw==",
].join("");
