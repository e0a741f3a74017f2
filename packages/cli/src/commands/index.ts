import type { AddCommand } from "./add-command.ts";
import { addBuild } from "./build.ts";
import { addCall } from "./call.ts";
import { addCompletion } from "./completion.ts";
import { addDev } from "./dev.ts";
import { addDoctor } from "./doctor.ts";
import { addInfo } from "./info.ts";
import { addInstall } from "./install.ts";
import { addList } from "./list.ts";
import { addNew } from "./new.ts";
import { addPack } from "./pack.ts";
import { addPublish } from "./publish.ts";
import { addRemove } from "./remove.ts";
import { addSign } from "./sign.ts";
import { addUpdate } from "./update.ts";
import { addVerify } from "./verify.ts";

/** The commands, in the order in which the help shows them. */
export const commands: readonly AddCommand[] = [
  addNew,
  addDev,
  addBuild,
  addSign,
  addPack,
  addPublish,
  addInstall,
  addList,
  addVerify,
  addUpdate,
  addRemove,
  addInfo,
  addCall,
  addDoctor,
  addCompletion,
];
