import type { Clock } from '../clock.mts';
import type { Settings } from '../settings.mts';
import type { StoredFile } from '../storage/fileStore.mts';
import type { Job } from './job.mts';
import type { Look, Project } from './project.mts';

/** How projects look from outside: later than they are, and less whole, where the settings say so. */
export class Appearance {
	readonly #settings: Settings;
	readonly #clock: Clock;

	constructor(settings: Settings, clock: Clock) {
		this.#settings = settings;
		this.#clock = clock;
	}

	edit(project: Project): Look {
		const files = project.edited.map(({ file }) => file);
		return this.#keptLooks(project)?.edit ?? this.#lookOf(project.edit, files);
	}

	export(project: Project): Look {
		return this.#keptLooks(project)?.export ?? this.#lookOf(project.export, project.exported);
	}

	/** Keeps how a project looks, for as long as its looks lag behind a call that starts a job now. */
	keep(project: Project): void {
		project.kept = { at: this.#clock.now(), edit: this.edit(project), export: this.export(project) };
	}

	/** How many of its photos are counted. */
	numberOfImages({ photos }: Project): number {
		const latest = this.#clock.now() - this.#settings.countLagSeconds * 1000;
		return [...photos.values()].filter(({ storedAt }) => storedAt !== null && storedAt <= latest).length;
	}

	#keptLooks({ kept }: Project): Project['kept'] {
		const lag = this.#settings.statusLagSeconds * 1000;
		return kept && this.#clock.now() < kept.at + lag ? kept : undefined;
	}

	#lookOf(job: Job | undefined, files: StoredFile[]): Look {
		if (!job) return { files: [] };
		return { state: job.state(), files: files.slice(0, Math.floor(files.length * this.#filledShare(job))) };
	}

	#filledShare({ endedAt }: Job): number {
		const { fillSeconds } = this.#settings;
		const passed = this.#clock.now() - endedAt;
		return fillSeconds > 0 ? Math.max(0, Math.min(1, passed / (fillSeconds * 1000))) : 1;
	}
}
