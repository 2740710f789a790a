<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.34" styleCategories="Symbology">
  <renderer-v2 type="singleSymbol">
    <symbols>
      <symbol type="marker" name="0"><layer class="SimpleMarker"><Option type="Map"><Option name="name" type="QString" value="circle"/><Option name="color" type="QString" value="255,212,0,255"/><Option name="outline_color" type="QString" value="17,17,17,255"/><Option name="size" type="QString" value="3"/></Option><data_defined_properties><Option type="Map"><Option name="properties" type="Map"><Option name="size" type="Map"><Option name="active" type="bool" value="true"/><Option name="expression" type="QString" value="2 + 12 * sqrt(&quot;share_median&quot;)"/><Option name="type" type="int" value="3"/></Option></Option></Option></data_defined_properties></layer></symbol>
    </symbols>
  </renderer-v2>
</qgis>
