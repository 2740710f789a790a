<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.34" styleCategories="Symbology">
  <renderer-v2 type="graduatedRenderer" attr="share_median" graduatedMethod="GraduatedColor" symbollevels="0" enableorderby="1">
    <ranges>
      <range lower="0" upper="0.005" symbol="0" label="&lt; 0.5 %" render="true"/>
      <range lower="0.005" upper="0.02" symbol="1" label="0.5 - 2 %" render="true"/>
      <range lower="0.02" upper="0.05" symbol="2" label="2 - 5 %" render="true"/>
      <range lower="0.05" upper="0.1" symbol="3" label="5 - 10 %" render="true"/>
      <range lower="0.1" upper="1" symbol="4" label="&gt; 10 %" render="true"/>
    </ranges>
    <symbols>
      <symbol type="line" name="0"><layer class="SimpleLine"><Option type="Map"><Option name="line_color" type="QString" value="190,190,190,255"/><Option name="line_width" type="QString" value="0.15"/></Option></layer></symbol>
      <symbol type="line" name="1"><layer class="SimpleLine"><Option type="Map"><Option name="line_color" type="QString" value="168,135,63,255"/><Option name="line_width" type="QString" value="0.4"/></Option></layer></symbol>
      <symbol type="line" name="2"><layer class="SimpleLine"><Option type="Map"><Option name="line_color" type="QString" value="181,101,29,255"/><Option name="line_width" type="QString" value="0.8"/></Option></layer></symbol>
      <symbol type="line" name="3"><layer class="SimpleLine"><Option type="Map"><Option name="line_color" type="QString" value="168,58,30,255"/><Option name="line_width" type="QString" value="1.2"/></Option></layer></symbol>
      <symbol type="line" name="4"><layer class="SimpleLine"><Option type="Map"><Option name="line_color" type="QString" value="125,26,43,255"/><Option name="line_width" type="QString" value="1.8"/></Option></layer></symbol>
    </symbols>
    <orderby><orderByClause asc="1" nullsFirst="1">share_median</orderByClause></orderby>
  </renderer-v2>
</qgis>
