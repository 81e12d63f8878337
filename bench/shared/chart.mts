import { writeFile } from 'node:fs/promises';
import { init, type EChartsOption } from 'echarts';

/** Values of each kind, side by side in groups. */
export interface BarChart {
	title: string;
	y: { name: string };
	groups: string[];
	/** One value for each group; a gap where it was not measured. */
	bars: Array<{ name: string; values: Array<number | undefined> }>;
}

const size = { width: 760, height: 400 };

/** The charts bring their own background, to be readable on light and dark pages. */
const layout = {
	backgroundColor: '#ffffff',
	animation: false,
	grid: { left: 70, right: 30, top: 96, bottom: 60 },
	// Without a browser the width of a name is a guess: the gap leaves room for wrong ones.
	legend: { top: 36, itemGap: 36 },
};

/** Draws bars as an SVG file. */
export async function drawBars(file: string, { title, y, groups, bars }: BarChart): Promise<void> {
	await draw(file, {
		...layout,
		title: { text: title, left: 'center' },
		xAxis: { type: 'category', data: groups },
		yAxis: { type: 'value', name: y.name, min: 0 },
		series: bars.map(({ name, values }) => ({
			type: 'bar',
			name,
			data: values.map((value) => value ?? '-'),
		})),
	});
}

async function draw(file: string, option: EChartsOption): Promise<void> {
	const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
	chart.setOption(option);
	await writeFile(file, chart.renderToSVGString());
	chart.dispose();
}
