import type { IExecuteFunctions } from 'n8n-workflow';

import type { Job } from '../api/endpoints';
import type { Status } from '../api/status';

/** What to do with a project whose job is running or done already. */
export type IfAlreadySent = 'skip' | 'fail' | 'sendAgain';

/** What this execution knows of a start that it sent. */
interface SentRecord {
	/** The run of the node that sent it. The same for all tries of Retry On Fail. */
	by: string;
	/** The state before it was sent. */
	before: Status;
	/** Whether the API took it; false while that is unclear. */
	accepted: boolean;
}

/** The execution's memory of one project's start. */
export interface SentMemory {
	/** Whether the start was sent already, so that it must not be sent now. */
	holds(ifAlreadySent: IfAlreadySent): boolean;
	/** Whether it is known, or shown by this status, that the API took it. */
	isConfirmedBy(status: Status): boolean;
	remember(before: Status): void;
	accept(): void;
	forget(): void;
}

/**
 * Memory in n8n's execution context, which outlives the tries of Retry On Fail and is shared by all nodes and branches of
 * the execution. A deliberate Send Again counts only for the run of the node that it is set in.
 */
export function sentMemory(context: IExecuteFunctions, job: Job, projectUuid: string): SentMemory {
	const memory = context.getContext('flow') as Record<string, SentRecord | undefined>;
	const key = `imagen:${job}:${projectUuid}`;
	const self = `${context.getNode().name}:${String(context.evaluateExpression('{{ $runIndex }}', 0))}`;

	return {
		holds(ifAlreadySent) {
			const record = memory[key];
			return record !== undefined && (ifAlreadySent !== 'sendAgain' || record.by === self);
		},
		isConfirmedBy(status) {
			const record = memory[key];
			return record?.accepted === true || status === 'In Progress' || status !== record?.before;
		},
		remember(before) {
			memory[key] = { by: self, before, accepted: false };
		},
		accept() {
			memory[key] = { ...(memory[key] as SentRecord), accepted: true };
		},
		forget() {
			delete memory[key];
		},
	};
}
