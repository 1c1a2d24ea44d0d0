using MediaAspire.AppHost.Data;
using MediaAspire.Core.ApiKeys;

namespace MediaAspire.AppHost.Security;

/// <summary>The API key that only reports the events of the object store.</summary>
internal static class EventsKey
{
    private const string Id = "mediaevents";
    private const int SecretLength = 43;

    /// <summary>Adds the key as a secret parameter.</summary>
    /// <remarks>
    /// A running graph creates the key once and keeps it with its data; a deployment generates its secret. The setting
    /// <c>Security:EventsKey</c> overrides it in a running graph.
    /// </remarks>
    public static ReferenceExpression AddEventsKey(this IDistributedApplicationBuilder builder, DataDirectory data)
    {
        if (builder.ExecutionContext.IsPublishMode)
        {
            var secret = builder.AddParameter(
                "events-secret", new GenerateParameterDefault { MinLength = SecretLength, Special = false }, secret: true);
            return ReferenceExpression.Create($"ma_{Id}_{secret}");
        }

        var key = builder.AddKeptSecret(
            "events-key",
            "Security:EventsKey",
            data,
            "security/events-key",
            () => ApiKeyFormat.Compose(Id, ApiKeyFormat.NewSecret()));
        return ReferenceExpression.Create($"{key}");
    }
}
