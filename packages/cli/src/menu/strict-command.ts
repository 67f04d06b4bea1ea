import { Command, type Option } from "commander";

/** A command that refuses an option of one value when it is given twice, where the last would win in silence. */
export class StrictCommand extends Command {
  override createCommand(name?: string): Command {
    return new StrictCommand(name);
  }

  override addOption(option: Option): this {
    super.addOption(option);
    // One with a parser of its own collects its values.
    if (!option.required || option.parseArg !== undefined) return this;
    let given = false;
    this.on(`option:${option.name()}`, () => {
      if (given) this.error(`option '${option.flags}' is given twice`);
      given = true;
    });
    return this;
  }
}
