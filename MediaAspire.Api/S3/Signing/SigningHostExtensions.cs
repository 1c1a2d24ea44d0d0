using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Api.S3.Signing;

internal static class SigningHostExtensions
{
    /// <summary>Adds the verification of signatures; needs an <see cref="Core.AccessKeys.IAccessKeys"/>.</summary>
    public static IHostApplicationBuilder AddS3Signing(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<SigningOptions, SigningOptionsValidator>()
            .BindConfiguration(SigningOptions.SectionName);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(services => new SigningKeyCache(services.GetRequiredService<TimeProvider>()));
        builder.Services.TryAddSingleton<SigningClock>();
        builder.Services.TryAddSingleton<Version2Authenticator>();
        builder.Services.TryAddSingleton<RequestAuthenticator>();

        return builder;
    }
}
