export { drawChart } from './draw-chart.js'
export { renderReproduction } from './render-reproduction.js'
