using MediaAspire.Worker.Duties;

namespace MediaAspire.Worker.Membership;

internal static class MembershipHostExtensions
{
    /// <summary>Adds the duty that notices servers which fall silent; needs the cluster and the duties.</summary>
    public static IHostApplicationBuilder AddMembership(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<MembershipOptions, MembershipOptionsValidator>()
            .BindConfiguration(MembershipOptions.SectionName);
        builder.Services.AddSingleton<MembershipMetrics>();
        builder.Services.AddDuty<MembershipDuty>();

        return builder;
    }
}
