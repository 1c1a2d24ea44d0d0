using System.Text.Json;
using System.Text.Json.Serialization;
using MediaAspire.Core.Media.Uploads;

namespace MediaAspire.Api.Media;

/// <summary>The JSON of the media routes. Add each request and response type here.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(MediaResponse))]
[JsonSerializable(typeof(NewMediaInput))]
[JsonSerializable(typeof(FinalizeRequest))]
[JsonSerializable(typeof(MediaReportResponse))]
[JsonSerializable(typeof(SyncResponse))]
[JsonSerializable(typeof(EventRequest))]
[JsonSerializable(typeof(EventsResponse))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(double))]
internal sealed partial class MediaJson : JsonSerializerContext;
