// What an administrator of an empty system does first, in this order; gone when all of it is done.
import { CheckCircleFilled, RightCircleOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { listCustomers, listDevices, listStaff } from '@/api/archives';
import { keys } from '@/api/keys';
import { useMay } from '@/app/session';
import { Panel } from '@/components/Page';
import { useText } from '@/i18n';
import { paths } from '@/util/paths';

function useSteps(isOn: boolean) {
  const customers = useQuery({
    queryKey: [...keys.customers, 'any'],
    queryFn: ({ signal }) => listCustomers({}, null, signal, 1),
    enabled: isOn,
  });
  const staff = useQuery({ queryKey: [...keys.staff, {}], queryFn: () => listStaff(), enabled: isOn });
  const devices = useQuery({ queryKey: keys.devices, queryFn: listDevices, enabled: isOn });
  if (customers.data === undefined || staff.data === undefined || devices.data === undefined) return null;
  const has = (role: string) => staff.data.some((person) => person.role === role && person.is_active);
  return [
    { name: 'archive', isDone: customers.data.customers.length > 0, to: paths.imports },
    { name: 'office', isDone: has('dispatcher') && has('reviewer'), to: paths.staff },
    { name: 'electricians', isDone: has('electrician'), to: paths.staff },
    { name: 'phones', isDone: devices.data.length > 0, to: paths.devices },
  ] as const;
}

export function FirstSteps() {
  const { t } = useText();
  const may = useMay();
  const steps = useSteps(may('manage_staff') && may('manage_imports'));
  if (steps === null || steps.every((step) => step.isDone)) return null;
  const next = steps.find((step) => !step.isDone);
  return (
    <Panel title={t('overview.first_steps')} tools={<span>{t('overview.first_steps_note')}</span>}>
      <ol className="first-steps">
        {steps.map((step) => (
          <li key={step.name} className={step.isDone ? 'is-done' : step === next ? 'is-next' : ''}>
            {step.isDone ? <CheckCircleFilled /> : <RightCircleOutlined />}
            <div>
              <Link to={step.to}>{t(`overview.step_${step.name}`)}</Link>
              <div className="faint">
                {step.isDone ? t('overview.step_done') : t(`overview.step_${step.name}_note`)}
              </div>
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
