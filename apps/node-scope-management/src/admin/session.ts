import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { AdminServices } from './admin-services.js';
import type { Streams } from './console.js';
import { EXIT } from './exit-code.js';

/** What an action answers: data for machines, the same as text for people. */
export interface Answer {
  readonly data: unknown;
  readonly text: string;
  readonly exitCode?: number;
}

/** One run of the command: from the services it needs to what it prints. */
export class Session {
  exitCode: number = EXIT.DONE;

  constructor(private readonly streams: Streams) {}

  /** Runs an action on the app's services, prints its answer and ends the services. */
  async run(
    command: Command,
    act: (
      services: AdminServices,
      operator: string,
      progress: (line: string) => void,
    ) => Promise<Answer>,
  ): Promise<void> {
    const options = command.optsWithGlobals<{ json?: boolean; operator?: string }>();
    // Loaded only now: help and wrong usage need no app, and are told at once.
    const { openServices } = await import('./open-services.js');
    const { services, close } = await openServices();
    try {
      // Apart from the answer, for people who wait; a program waits for the whole.
      const progress = (line: string) => {
        if (!options.json) this.streams.error.write(`${line}\n`);
      };
      const answer = await act(services, options.operator ?? userName(), progress);
      const text = options.json ? JSON.stringify(answer.data) : answer.text;
      this.streams.out.write(`${text}\n`);
      this.exitCode = answer.exitCode ?? EXIT.DONE;
    } finally {
      await close();
    }
  }
}

/** The account that runs the command; in a container it need not have a name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
