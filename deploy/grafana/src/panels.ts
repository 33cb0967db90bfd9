// Panels as the dashboards of Carousel use them: every one has a title, a description, a unit, and expressions over $datasource.
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  GraphDrawStyle,
  LegendDisplayMode,
  PercentChangeColorMode,
  SortOrder,
  StackingMode,
  ThresholdsMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizOrientation,
  FieldColorModeId,
} from '@grafana/schema';
import type { DataSourceRef, Panel, Threshold } from '@grafana/schema';
import type * as stat from '@grafana/schema/dist/types/raw/composable/stat/panelcfg/x/types.gen';
import type * as table from '@grafana/schema/dist/types/raw/composable/table/panelcfg/x/types.gen';
import type * as timeseries from '@grafana/schema/dist/types/raw/composable/timeseries/panelcfg/x/types.gen';

export const DATASOURCE: DataSourceRef = { type: 'prometheus', uid: '${datasource}' };

// A Prometheus query of a panel.
export interface Query {
  expr: string;
  // What a series is called; labels in {{ }}.
  legend: string;
}

// What a panel says; its place comes from the layout.
export interface Content {
  title: string;
  description: string;
  // A unit's id of Grafana: `Bps`, `s`, `percentunit`, `short`.
  unit: string;
  queries: Query[];
}

// Where colours change; `value` null is below the first.
export type Steps = Threshold[];

export const NEVER: Steps = [{ value: null, color: 'green' }] as unknown as Steps;
export const ANY_IS_BAD: Steps = [
  { value: null, color: 'green' },
  { value: 1, color: 'red' },
] as unknown as Steps;

function targets(queries: Query[], instant: boolean) {
  return queries.map((query, index) => ({
    refId: String.fromCharCode(65 + index),
    datasource: DATASOURCE,
    expr: query.expr,
    legendFormat: query.legend,
    instant,
    range: !instant,
    ...(instant ? { format: 'table' } : {}),
  }));
}

// Lines over time.
export function lines(content: Content, stacked = false): Panel {
  const options: timeseries.Options = {
    legend: { displayMode: LegendDisplayMode.List, placement: 'bottom', showLegend: true, calcs: [] },
    tooltip: { mode: TooltipDisplayMode.Multi, sort: SortOrder.Descending },
  };
  const custom: timeseries.FieldConfig = {
    drawStyle: GraphDrawStyle.Line,
    lineWidth: 1,
    fillOpacity: stacked ? 30 : 5,
    showPoints: VisibilityMode.Never,
    stacking: { mode: stacked ? StackingMode.Normal : StackingMode.None, group: 'A' },
  };
  return {
    type: 'timeseries',
    title: content.title,
    description: content.description,
    datasource: DATASOURCE,
    targets: targets(content.queries, false),
    fieldConfig: { defaults: { unit: content.unit, min: 0, custom: { ...custom } }, overrides: [] },
    options: { ...options },
  };
}

// One number now, with its course behind it.
export function number(content: Content, steps: Steps = NEVER): Panel {
  const options: stat.Options = {
    colorMode: BigValueColorMode.Value,
    graphMode: BigValueGraphMode.Area,
    justifyMode: BigValueJustifyMode.Auto,
    textMode: BigValueTextMode.Auto,
    wideLayout: true,
    showPercentChange: false,
    percentChangeColorMode: PercentChangeColorMode.Standard,
    orientation: VizOrientation.Auto,
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
  };
  return {
    type: 'stat',
    title: content.title,
    description: content.description,
    datasource: DATASOURCE,
    targets: targets(content.queries, false),
    fieldConfig: {
      defaults: {
        unit: content.unit,
        color: { mode: FieldColorModeId.Thresholds },
        thresholds: { mode: ThresholdsMode.Absolute, steps },
      },
      overrides: [],
    },
    options: { ...options },
  };
}

// The labels of series as rows.
export function rows(content: Content): Panel {
  const options: Partial<table.Options> = { showHeader: true };
  return {
    type: 'table',
    title: content.title,
    description: content.description,
    datasource: DATASOURCE,
    targets: targets(content.queries, true),
    transformations: [{ id: 'organize', options: { excludeByName: { Time: true, Value: true, __name__: true } } }],
    fieldConfig: { defaults: { unit: content.unit }, overrides: [] },
    options: { ...options },
  };
}
