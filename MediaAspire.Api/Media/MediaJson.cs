using System.Text.Json.Serialization;
using System.Text.Json;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Core.Media;

namespace MediaAspire.Api.Media;

/// <summary>The JSON of the media routes. Add each request and response type here.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    NumberHandling = JsonNumberHandling.Strict,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(MediaResponse))]
[JsonSerializable(typeof(NewMediaInput))]
[JsonSerializable(typeof(FinalizeRequest))]
[JsonSerializable(typeof(MediaListResponse))]
[JsonSerializable(typeof(MediaReportResponse))]
[JsonSerializable(typeof(SyncResponse))]
[JsonSerializable(typeof(EventRequest))]
[JsonSerializable(typeof(EventsResponse))]
[JsonSerializable(typeof(MediaFieldInput))]
[JsonSerializable(typeof(TagsRequest))]
[JsonSerializable(typeof(AccessRequest))]
[JsonSerializable(typeof(CloneRequest))]
[JsonSerializable(typeof(HeadRequest))]
[JsonSerializable(typeof(HeadResponse))]
[JsonSerializable(typeof(LinksResponse))]
[JsonSerializable(typeof(ShareRequest))]
[JsonSerializable(typeof(ShareResponse))]
[JsonSerializable(typeof(SharesResponse))]
[JsonSerializable(typeof(SharedItemsResponse))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, JsonElement>))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(double))]
internal sealed partial class MediaJson : JsonSerializerContext;
