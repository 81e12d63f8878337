import type { ReadyProject } from './account/account.mts';
import type { Billing, ProjectView, UploadView, VersionView } from './api/controlRoutes.mts';
import type { ActiveFault, FaultRule } from './faults/faultRules.mts';
import type { LoggedRequest } from './requestLog.mts';
import type { Settings } from './settings.mts';

export type {
	Billing,
	FaultRule,
	LoggedRequest,
	ProjectView,
	ReadyProject,
	Settings,
	UploadView,
	VersionView,
};

/** A client of the control endpoints; each call throws an Error with the sandbox's words if it is refused. */
export class SandboxControl {
	readonly #url: string;

	/** Takes `Sandbox.controlUrl`. */
	constructor(url: string) {
		this.#url = url;
	}

	async billing(): Promise<Billing> {
		return await this.#call('GET', '/billing');
	}

	async projects(): Promise<ProjectView[]> {
		return await this.#call('GET', '/projects');
	}

	/** Creates so many empty regular projects, named by the prefix and a number from 1 if there is a prefix. */
	async createProjects(count: number, namePrefix?: string): Promise<ProjectView[]> {
		return await this.#call('POST', '/projects', { count, name: namePrefix });
	}

	/** Makes a project as someone else may have left it: nobody is billed for it. */
	async createProject(project: ReadyProject): Promise<ProjectView> {
		const [view] = await this.#call<ProjectView[]>('POST', '/projects', project);
		return view;
	}

	/** Archives a project, or restores it. */
	async archive(uuid: string, archived = true): Promise<ProjectView> {
		return await this.#call('POST', `/projects/${uuid}`, { archived });
	}

	/** Every upload in parts, oldest first, those that have ended included. */
	async uploads(): Promise<UploadView[]> {
		return await this.#call('GET', '/uploads');
	}

	/** All requests since the start or the last `clearRequests`, oldest first. */
	async requests(): Promise<LoggedRequest[]> {
		return await this.#call('GET', '/requests');
	}

	async clearRequests(): Promise<void> {
		await this.#call('DELETE', '/requests');
	}

	/** Asks for faults; gives all that are in force. */
	async addFaults(...rules: FaultRule[]): Promise<ActiveFault[]> {
		return await this.#call('POST', '/faults', rules);
	}

	async faults(): Promise<ActiveFault[]> {
		return await this.#call('GET', '/faults');
	}

	async clearFaults(): Promise<void> {
		await this.#call('DELETE', '/faults');
	}

	/** Changes the settings that are given; gives all. */
	async set(settings: Partial<Settings>): Promise<Settings> {
		return await this.#call('POST', '/settings', settings);
	}

	/** Moves the sandbox's clock on; all that is due by then has happened when the promise is fulfilled. */
	async advance(seconds: number): Promise<void> {
		await this.#call('POST', '/clock', { seconds });
	}

	/** Restores the initial state: no projects, no faults, an empty log, the settings it was started with, the time of day. */
	async reset(): Promise<void> {
		await this.#call('POST', '/reset');
	}

	async #call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
		const response = await fetch(`${this.#url}${path}`, {
			method,
			...(body !== undefined && {
				headers: { 'Content-Type': 'application/json' },
				body: JSON.stringify(body),
			}),
		});
		const answer = await response.json();
		if (!response.ok) throw new Error((answer as { error: string }).error);
		return answer as Answer;
	}
}
