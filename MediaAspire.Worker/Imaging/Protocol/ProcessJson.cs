using System.Text.Json.Serialization;

namespace MediaAspire.Worker.Imaging.Protocol;

/// <summary>The JSON of the messages; source-generated.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 16)]
[JsonSerializable(typeof(ProcessHello))]
[JsonSerializable(typeof(ProcessRequest))]
[JsonSerializable(typeof(ProcessResponse))]
internal sealed partial class ProcessJson : JsonSerializerContext;
