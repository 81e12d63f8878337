import { link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderSize, mostInFolder } from '../../test/support/folderSize.mts';
import { LinkServer } from '../../test/support/linkServer.mts';
import { photoName } from '../../test/support/photoFolder.mts';
import { cameraFiles } from '../../test/support/root.mts';
import { printStep } from '../../test/support/step.mts';
import { openStudio, type Studio } from '../../test/support/studio.mts';
import { withMachine, type Machine } from '../shared/machine.mts';
import { measureUsage, withUsageServer } from '../shared/processUsage.mts';
import { writeReportFiles } from '../shared/reportFiles.mts';
import { largeShootsReport } from './largeShootsReport.mts';
import { folders, ways, type Way } from './ways.mts';

const megabyte = 1_000_000;
const sampleMs = 500;
/** PHOTOS=200 is enough to try it out. */
const photos = Array.from({ length: Number(process.env.PHOTOS ?? 1000) }, (_, index) => photoName(index + 1));

/** What one way took. */
export interface LargeShootFigures {
	way: string;
	/** The most that n8n's folder of binary data held, and what it holds after the end. */
	megabytesMost: number;
	megabytesAfter: number;
	/** The most resident memory of n8n over that before. */
	extraMebibytes: number;
	seconds: number;
	machine: Machine;
}

/** Measures n8n's disk and memory while a large shoot goes through in each way, and writes `bench/large-shoots.md`. */
export async function measureLargeShoots(): Promise<void> {
	const figures: LargeShootFigures[] = [];
	const drive = await LinkServer.open();
	const bytes = await photoBytes();
	for (const name of photos) drive.keep(name, bytes);
	for (const way of ways) figures.push(await printStep(way.name, async () => await measureWay(way, drive)));
	await drive.close();
	await writeReportFiles('large-shoots', largeShootsReport(photos.length, figures), figures);
}

/** Each way has an n8n of its own: memory that one has taken is not free for the next. */
async function measureWay(way: Way, drive: LinkServer): Promise<LargeShootFigures> {
	const folder = await mkdtemp(join(tmpdir(), 'imagen-bench-'));
	const storage = join(folder, 'storage');
	const workFolder = join(folder, 'work');
	const usageSocket = join(folder, 'n8n.sock');
	let studio: Studio | undefined;
	try {
		await writeShoot(workFolder);
		studio = await openStudio({
			workFolder,
			sandbox: { editSeconds: 1, exportSeconds: 1, plainResults: true, resultBytes: megabyte },
			env: { ...withUsageServer(usageSocket), N8N_BINARY_DATA_STORAGE_PATH: storage, ...way.env },
		});
		const [measured, machine] = await withMachine(
			async () =>
				await mostInFolder(
					storage,
					async () => await measureUsage(usageSocket, async () => await run(studio!, way, drive)),
					sampleMs,
				),
		);
		await requireAll(studio);
		const { usage } = measured.result;
		return {
			way: way.name,
			megabytesMost: measured.most.bytes / megabyte,
			megabytesAfter: (await folderSize(storage)).bytes / megabyte,
			extraMebibytes: usage.mebibytesMost - usage.mebibytesBefore,
			seconds: usage.seconds,
			machine,
		};
	} finally {
		await studio?.close();
		await rm(folder, { recursive: true, force: true });
	}
}

async function run(studio: Studio, way: Way, drive: LinkServer): Promise<void> {
	const { client } = studio;
	const workflow = await studio.import(await way.workflow(photos, drive));
	const { status, error } = await client.executionEnd(await client.run(workflow, 'Start'));
	if (status !== 'success') throw new Error(`${way.name}: ${error?.message ?? status}`);
}

/** @throws Error when a photo was not delivered, or was billed twice */
async function requireAll({ workFolder, control }: Studio): Promise<void> {
	const delivered = await readdir(join(workFolder, folders.edited));
	const billing = await control.billing();
	if (delivered.length !== photos.length || billing.photos !== photos.length)
		throw new Error(`${delivered.length} photos were delivered, ${billing.photos} billed`);
}

/** A camera file of a megabyte. */
async function photoBytes(): Promise<Buffer> {
	const camera = await readFile(join(cameraFiles, 'Nikon D70.nef'));
	return Buffer.concat([camera, Buffer.alloc(megabyte - camera.length)]);
}

/** Writes the photos: one file under many names. */
async function writeShoot(workFolder: string): Promise<void> {
	for (const name of Object.values(folders)) await mkdir(join(workFolder, name), { recursive: true });
	const pathOf = (name: string) => join(workFolder, folders.photos, name);
	const [first, ...others] = photos;
	await writeFile(pathOf(first), await photoBytes());
	for (const name of others) await link(pathOf(first), pathOf(name));
}
