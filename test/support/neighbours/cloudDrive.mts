import { posix } from 'node:path';

/** A file or, without bytes, a folder of somebody's cloud storage. */
export interface CloudEntry {
	id: string;
	name: string;
	parentId: string;
	bytes?: Buffer;
	/** When it came there, whatever the clock of the camera said. */
	createdAt: Date;
}

/** The files and folders that a stand-in for a cloud storage keeps in memory. Its root has the ID `root`. */
export class CloudDrive {
	readonly #entries = new Map<string, CloudEntry>();
	#created = 0;

	/** @returns the ID of the folder, which is made with those above it where they are missing */
	addFolder(path: string): string {
		const names = path.split('/').filter(Boolean);
		return names.reduce((parentId, name) => {
			const existing = this.children(parentId).find((entry) => entry.name === name && !entry.bytes);
			return (existing ?? this.#add({ name, parentId, createdAt: new Date() })).id;
		}, 'root');
	}

	/** Adds a file beside others of its name, as Google Drive does. */
	addFile(parentId: string, name: string, bytes: Buffer, createdAt = new Date()): CloudEntry {
		return this.#add({ name, parentId, bytes, createdAt });
	}

	/** Writes a file over another of its name, as Dropbox and OneDrive do. */
	writeFile(parentId: string, name: string, bytes: Buffer, createdAt = new Date()): CloudEntry {
		const existing = this.children(parentId).find((entry) => entry.name === name);
		if (existing) return Object.assign(existing, { bytes, createdAt });
		return this.addFile(parentId, name, bytes, createdAt);
	}

	#add(entry: Omit<CloudEntry, 'id'>): CloudEntry {
		const added = { ...entry, id: `id-${++this.#created}` };
		this.#entries.set(added.id, added);
		return added;
	}

	/** Changes where an entry is, or its name. */
	change(id: string, changes: Partial<Pick<CloudEntry, 'name' | 'parentId'>>): CloudEntry {
		return Object.assign(this.#entries.get(id) ?? {}, changes) as CloudEntry;
	}

	delete(id: string): void {
		this.#entries.delete(id);
	}

	get(id: string): CloudEntry | undefined {
		return this.#entries.get(id);
	}

	isFolder(id: string): boolean {
		const entry = this.#entries.get(id);
		return id === 'root' || (entry !== undefined && !entry.bytes);
	}

	children(parentId: string): CloudEntry[] {
		return [...this.#entries.values()].filter((entry) => entry.parentId === parentId);
	}

	/** All that is below a folder. */
	descendants(parentId: string): CloudEntry[] {
		return this.children(parentId).flatMap((entry) => [entry, ...this.descendants(entry.id)]);
	}

	/** @param path in any case, as Dropbox and OneDrive take it */
	find(path: string): CloudEntry | undefined {
		const wanted = posix.join('/', path).toLowerCase();
		return [...this.#entries.values()].find((entry) => this.pathOf(entry).toLowerCase() === wanted);
	}

	pathOf({ name, parentId }: CloudEntry): string {
		const parent = this.#entries.get(parentId);
		return posix.join(parent ? this.pathOf(parent) : '/', name);
	}

	/** The paths of all files below a folder, in order. */
	files(path: string): string[] {
		const folder = this.find(path);
		return (folder ? this.descendants(folder.id) : [])
			.filter(({ bytes }) => bytes)
			.map((entry) => this.pathOf(entry))
			.sort();
	}

	clear(): void {
		this.#entries.clear();
	}
}
