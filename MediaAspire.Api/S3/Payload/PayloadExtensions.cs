using MediaAspire.Api.S3.Protocol;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Api.S3.Payload;

internal static class PayloadExtensions
{
    /// <summary>Adds the authentication of requests and their bodies; needs the verification of signatures.</summary>
    public static IServiceCollection AddS3Payload(this IServiceCollection services)
    {
        services.TryAddSingleton<IS3Authenticator, SigV4Authenticator>();
        return services;
    }
}
