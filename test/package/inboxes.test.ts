import type { IDataObject, IWorkflowBase } from 'n8n-workflow';

import { JPEG_EXTENSIONS, RAW_EXTENSIONS } from '../../nodes/Imagen/api/formats';
import { listFiles, readJson, runCode } from './project';

describe('the inbox of a template', () => {
	const MARK = 'Imagen has started.txt';
	const inboxes = listFiles('templates', '.json')
		.map((path) => [path, readJson(path) as IWorkflowBase] as const)
		.filter(([, { nodes }]) => nodes.some(({ name }) => name === 'Shoot at Rest'));
	const codeOf = ({ nodes }: IWorkflowBase, name: string) =>
		String(nodes.find((node) => node.name === name)?.parameters.jsCode);

	it('the inboxes choose the shoot by the same rules, each from the list of its storage', () => {
		expect(inboxes.length).toBeGreaterThan(10);
		const rules = inboxes.map(([, workflow]) => {
			const paragraphs = codeOf(workflow, 'Shoot at Rest').split('\n\n');
			return [...paragraphs.slice(0, 2), paragraphs.at(-1)].join('\n\n');
		});
		expect(new Set(rules).size).toBe(1);
	});

	it.each(inboxes)('%s takes the photos that Imagen edits', (_path, workflow) => {
		const extensions = [...RAW_EXTENSIONS, ...JPEG_EXTENSIONS].join('|');
		const patterns = workflow.nodes
			.map(({ parameters }) => /PHOTO = .*/.exec(String(parameters.jsCode))?.[0])
			.filter((pattern) => pattern !== undefined);
		expect(new Set(patterns)).toEqual(new Set([`PHOTO = /^[^.].*\\.(${extensions})$/i;`]));
	});

	/** A file or folder of the inbox, by its path below it, with the minutes since it came. */
	type Entry = [path: string, minutes: number];
	const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
	const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/'));
	const isoTime = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
	const topFolders = (entries: Entry[]) => [...new Set(entries.map(([path]) => path.split('/')[0]))];
	const directEntries = (entries: Entry[]) => {
		const inside = entries.filter(([path]) => path.split('/').length === 2);
		const deeper = entries.filter(([path]) => path.split('/').length > 2);
		const folders = deeper.map(
			([path, minutes]): Entry => [`${path.split('/').slice(0, 2).join('/')}/`, minutes],
		);
		return [...inside, ...folders];
	};
	const isFolder = (path: string) => path.endsWith('/');
	const bare = (path: string) => path.replace(/\/$/, '');

	/** What the list of each storage gives for such entries. */
	const listings: Record<string, (entries: Entry[]) => IDataObject[]> = {
		'google-drive-inbox': (entries) =>
			directEntries(entries).map(([path, minutes]) => ({
				id: path,
				name: nameOf(bare(path)),
				createdTime: isoTime(minutes),
				parents: [folderOf(bare(path))],
				mimeType: isFolder(path) ? 'application/vnd.google-apps.folder' : 'image/jpeg',
			})),
		'onedrive-inbox': (entries) =>
			directEntries(entries).map(([path, minutes]) => ({
				name: nameOf(bare(path)),
				lastModifiedDateTime: isoTime(minutes),
				parentReference: { id: folderOf(bare(path)) },
				...(isFolder(path) ? { folder: { childCount: 1 } } : { file: {} }),
			})),
		'dropbox-inbox': (entries) => [
			...topFolders(entries).map((folder) => ({ type: 'folder', pathDisplay: `/Inbox/${folder}` })),
			{ type: 'file', name: 'loose.jpg', pathDisplay: '/Inbox/loose.jpg', lastModifiedServer: isoTime(99) },
			...entries.map(([path, minutes]) => ({
				type: 'file',
				name: nameOf(path),
				pathDisplay: `/Inbox/${path}`,
				lastModifiedServer: isoTime(minutes),
			})),
		],
		's3-inbox': (entries) => [
			{
				ListBucketResult: {
					Contents: [
						...topFolders(entries).map((folder) => ({ Key: `inbox/${folder}/`, LastModified: isoTime(99) })),
						...entries.map(([path, minutes]) => ({ Key: `inbox/${path}`, LastModified: isoTime(minutes) })),
					],
				},
			},
			{ ListBucketResult: {} },
		],
		'folder-inbox': (entries) => [
			{
				stdout: directEntries(entries)
					.map(([path, minutes]) => {
						const seconds = Math.round(Date.now() / 1000 - minutes * 60);
						return `${seconds} ${isFolder(path) ? 'drwxr-xr-x' : '-rw-r--r--'} /files/inbox/${bare(path)}`;
					})
					.join('\n'),
			},
		],
	};

	const DAY = / \d{4}-\d{2}-\d{2}$/;

	/** What the workflow takes. */
	function output(template: string, entries: Entry[]): IDataObject[] {
		const items = (jsons: IDataObject[]) => {
			const all = jsons.map((json) => ({ json }));
			return { all: () => all, first: () => all[0], params: { path: '/Inbox' } };
		};
		const code = codeOf(readJson(`templates/${template}.json`) as IWorkflowBase, 'Shoot at Rest');
		const folders = items(topFolders(entries).map((folder) => ({ id: folder, name: folder })));
		return runCode(code, items(listings[template](entries)), () => folders).map(
			({ json }) => json as IDataObject,
		);
	}

	/** The names of the shoot, without its day, and of the photos that the workflow takes. */
	function taken(template: string, entries: Entry[]): string[] {
		const photos = output(template, entries);
		const shoots = photos.slice(0, 1).map(({ shoot }) => String(shoot).replace(DAY, ''));
		return [...shoots, ...photos.map(({ name }) => String(name))];
	}

	describe.each(Object.keys(listings))('%s', (template) => {
		const smith: Entry[] = [
			['Smith/IMG_1.NEF', 40],
			['Smith/IMG_2.NEF', 31],
		];

		it.each<[title: string, entries: Entry[], expected: unknown[]]>([
			[
				'takes a folder into which nothing has come for half an hour',
				smith,
				['Smith', 'IMG_1.NEF', 'IMG_2.NEF'],
			],
			['leaves a folder that fills', [...smith, ['Smith/IMG_3.NEF', 29]], []],
			[
				'takes the next folder meanwhile',
				[
					['Smith/IMG_1.NEF', 5],
					['Jones/a.jpg', 40],
				],
				['Jones', 'a.jpg'],
			],
			['leaves a folder that it has started', [...smith, [`Smith/${MARK}`, 60]], []],
			[
				'takes it again a day later',
				[...smith, [`Smith/${MARK}`, 1441]],
				['Smith', 'IMG_1.NEF', 'IMG_2.NEF'],
			],
			[
				'leaves a folder without a photo',
				[
					['Smith/.DS_Store', 40],
					['Smith/._IMG_1.NEF', 40],
					['Smith/notes.txt', 40],
				],
				[],
			],
			[
				'takes photos alone',
				[...smith, ['Smith/IMG_1.xmp', 40], ['Smith/.DS_Store', 40]],
				['Smith', 'IMG_1.NEF', 'IMG_2.NEF'],
			],
			['does nothing in an empty inbox', [], []],
		])('%s', (_title, entries, expected) => {
			expect(taken(template, entries)).toEqual(expected);
		});

		it('says that a shoot with folders in it can not be edited, once there is no other to edit', () => {
			const nested: Entry[] = [['Smith/Card 1/IMG_1.NEF', 40], ...smith];
			expect(() => taken(template, nested)).toThrow(
				'The folder "Smith" was not edited. Put all its photos into one folder',
			);
			expect(taken(template, [...nested, ['Tom/a.jpg', 40]])).toEqual(['Tom', 'a.jpg']);
		});
	});

	it.each(Object.keys(listings))(
		'%s names the project after the folder and the day of its first photo, so that another shoot of that name is a project of its own',
		(template) => {
			const days = 24 * 60;
			const entries: Entry[] = [
				['Smith/b.jpg', 3 * days],
				['Smith/a.jpg', 2 * days],
			];
			expect(output(template, entries).map(({ shoot }) => shoot)).toEqual(
				Array(2).fill(`Smith ${isoTime(3 * days).slice(0, 10)}`),
			);
		},
	);

	it.each([
		['s3-inbox', 'Smith #1/a.jpg'],
		['s3-inbox', 'Smith/who?.jpg'],
		['folder-inbox', 'Smith | Jones/a.jpg'],
		['folder-inbox', 'Smith/"a".jpg'],
	])("%s refuses a name that n8n can't read: %s", (template, path) => {
		expect(() => taken(template, [[path, 40]])).toThrow('Rename it or its photos');
	});

	it('s3-inbox leaves a shoot that is edited, and takes it again where photos have come since the edit started', () => {
		const edited: Entry[] = [
			['Smith/a.jpg', 3000],
			[`Smith/${MARK}`, 2000],
			['Smith/Edited by Imagen.txt', 1900],
		];
		expect(taken('s3-inbox', edited)).toEqual([]);
		expect(taken('s3-inbox', [...edited, ['Smith/b.jpg', 1950]])).toEqual(['Smith', 'a.jpg', 'b.jpg']);
	});
});
