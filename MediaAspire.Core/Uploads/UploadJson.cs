using System.Text.Json.Serialization;

namespace MediaAspire.Core.Uploads;

/// <summary>The columns of uploads that are documents.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(UploadTarget))]
[JsonSerializable(typeof(UploadResult))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class UploadJson : JsonSerializerContext;
