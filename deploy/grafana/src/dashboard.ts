// A dashboard of titled sections, laid out in rows of 24 columns.
import { DashboardCursorSync, VariableHide } from '@grafana/schema';
import type { Dashboard, Panel, RowPanel, VariableModel } from '@grafana/schema';

import { DATASOURCE } from './panels';

const COLUMNS = 24;
const STAT_HEIGHT = 4;
const HEIGHT = 8;

export interface Section {
  title: string;
  panels: Panel[];
}

function datasourceVariable(): VariableModel {
  return { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', hide: VariableHide.dontHide };
}

// The robots of the data source; `several` lets more than one be chosen.
function instanceVariable(several: boolean): VariableModel {
  const query = 'label_values(carousel_robot_info, instance)';
  return {
    name: 'instance',
    label: 'Robot',
    type: 'query',
    datasource: DATASOURCE,
    query: { query, refId: 'instance' },
    refresh: 2 as VariableModel['refresh'],
    sort: 1 as VariableModel['sort'],
    multi: several,
    includeAll: several,
    ...(several ? { allValue: '.+' } : {}),
  };
}

// Panels side by side, as many as fit a row: numbers six, everything else two.
function layOut(sections: Section[]): Array<Panel | RowPanel> {
  const placed: Array<Panel | RowPanel> = [];
  let id = 1;
  let y = 0;
  for (const section of sections) {
    placed.push({ type: 'row', id: id++, title: section.title, collapsed: false, panels: [], gridPos: { x: 0, y, w: COLUMNS, h: 1 } });
    y += 1;
    let x = 0;
    let height = 0;
    for (const panel of section.panels) {
      const h = panel.type === 'stat' ? STAT_HEIGHT : HEIGHT;
      const w = panel.type === 'stat' ? COLUMNS / 6 : COLUMNS / 2;
      if (x + w > COLUMNS || (x > 0 && h !== height)) {
        y += height;
        x = 0;
      }
      placed.push({ ...panel, id: id++, gridPos: { x, y, w, h } });
      x += w;
      height = h;
    }
    y += height;
  }
  return placed;
}

export function dashboard(uid: string, title: string, description: string, several: boolean, sections: Section[]): Dashboard {
  return {
    uid,
    title,
    description,
    tags: ['carousel'],
    editable: false,
    graphTooltip: DashboardCursorSync.Crosshair,
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    timezone: 'browser',
    links: [{
      asDropdown: false, icon: 'external link', includeVars: true, keepTime: true, tags: ['carousel'], targetBlank: false,
      title: 'Carousel', tooltip: '', type: 'dashboards', url: '',
    }],
    templating: { list: [datasourceVariable(), instanceVariable(several)] },
    annotations: { list: [] },
    panels: layOut(sections),
  };
}
